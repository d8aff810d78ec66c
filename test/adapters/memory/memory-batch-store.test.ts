import { createMemoryBatchStore } from '#adapters/memory/memory-batch-store.ts';
import { describeBatchStore } from '../../port-suites/batch-store.suite.ts';

describeBatchStore('memory', async () => ({
  store: createMemoryBatchStore(),
  close: async () => undefined,
}));
