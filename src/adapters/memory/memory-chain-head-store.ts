/** The head of one chain in memory: for tests, and for a simulated region. */
import type { ChainHead } from '#core/audit/chain.ts';
import type { ChainHeadStore } from '#usecases/ports/chain-head-store.ts';

export function createMemoryChainHeadStore(): ChainHeadStore {
  let head: ChainHead | undefined;
  return {
    load: async () => head,
    async move(from, to) {
      const isThere =
        head === undefined ? from.sequence === 0 : head.sequence === from.sequence && head.hash === from.hash;
      if (isThere) head = to;
      return isThere;
    },
  };
}
