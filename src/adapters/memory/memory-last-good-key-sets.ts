import type { LastGoodKeySets } from '#usecases/ports/key-set-source.ts';
import type { KeySet } from '#usecases/ports/token-verifier.ts';

/** Keeps the last good key sets as long as the process: for tests, and where there is no disk. */
export function createMemoryLastGoodKeySets(initial?: ReadonlyMap<string, KeySet>): LastGoodKeySets {
  let kept = initial;
  return {
    load: async () => kept,
    save: async (keySets) => {
      kept = keySets;
    },
  };
}
