/** Words of sleeping targets in memory: for tests, and any number of gateways in one process. */
import type { WarmWord } from '#core/warmth/warm-word.ts';
import type { WarmStore } from '#usecases/ports/warm-store.ts';

export interface MemoryWarmStore extends WarmStore {
  /** Every word that was told, in order. */
  readonly told: readonly WarmWord[];
}

export function createMemoryWarmStore(): MemoryWarmStore {
  const words = new Map<string, WarmWord>();
  const told: WarmWord[] = [];
  return {
    told,
    load: async () => ({ words: [...words.values()], badWords: 0 }),
    tell: async (word) => {
      words.set(word.target, word);
      told.push(word);
    },
  };
}
