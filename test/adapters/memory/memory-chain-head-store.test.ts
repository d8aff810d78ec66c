import { createMemoryChainHeadStore } from '#adapters/memory/memory-chain-head-store.ts';
import { describeChainHeadStore } from '../../port-suites/chain-head-store.suite.ts';

describeChainHeadStore('memory', async () => ({
  store: createMemoryChainHeadStore(),
  close: async () => undefined,
}));
