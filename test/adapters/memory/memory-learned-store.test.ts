import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import { describeLearnedStore } from '../../port-suites/learned-store.suite.ts';

describeLearnedStore('memory', async () => ({
  open: async () => createMemoryLearnedStore(),
  close: async () => undefined,
}));
