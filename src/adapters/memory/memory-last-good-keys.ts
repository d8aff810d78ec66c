import type { LastGoodKeySnapshot, LastGoodKeys } from '#usecases/ports/last-good-keys.ts';

/** Keeps the last good keys as long as the process: for tests, and where there is no disk. */
export function createMemoryLastGoodKeys(initial?: LastGoodKeySnapshot): LastGoodKeys {
  let kept = initial;
  return {
    load: async () => kept,
    save: async (snapshot) => {
      kept = snapshot;
    },
  };
}
