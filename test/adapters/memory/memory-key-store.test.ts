import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { describeKeyStore } from '../../port-suites/key-store.suite.ts';

describeKeyStore('memory', async () => ({
  store: createMemoryKeyStore(),
  close: async () => undefined,
}));
