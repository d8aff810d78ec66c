import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { describeOperatorStore } from '../../port-suites/operator-store.suite.ts';

describeOperatorStore('memory', async () => ({
  open: async () => createMemoryOperatorStore(),
  close: async () => undefined,
}));
