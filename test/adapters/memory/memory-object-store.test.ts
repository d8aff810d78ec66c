import { createMemoryObjectStore } from '#adapters/memory/memory-object-store.ts';
import { describeObjectStore } from '../../port-suites/object-store.suite.ts';

describeObjectStore('memory', async () => ({
  store: createMemoryObjectStore(),
  close: async () => undefined,
}));
