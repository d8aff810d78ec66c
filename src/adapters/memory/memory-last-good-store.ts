import type { LastGood, LastGoodStore } from '#usecases/ports/last-good-store.ts';

/** Keeps the last good routes as long as the process: for tests, and where there is no disk. */
export function createMemoryLastGoodStore(initial?: LastGood): LastGoodStore {
  let kept = initial;
  return {
    load: async () => kept,
    save: async (lastGood) => {
      kept = lastGood;
    },
  };
}
