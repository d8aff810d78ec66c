import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { describeObservationStore } from '../../port-suites/observation-store.suite.ts';

describeObservationStore('memory', async () => ({
  open: async () => createMemoryObservationStore(),
  close: async () => undefined,
}));
