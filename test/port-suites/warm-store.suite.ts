/** What every WarmStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WarmWord } from '#core/warmth/warm-word.ts';
import type { WarmStore } from '#usecases/ports/warm-store.ts';

export interface WarmStoreFixture {
  /** An empty store. */
  open(): Promise<WarmStore>;
  close(): Promise<void>;
}

const word: WarmWord = {
  target: '111111111111/us-east-1/endpoint.with-dots/part_1',
  pool: '111111111111/us-east-1/endpoint.with-dots',
  kind: 'cold',
  at: Date.UTC(2026, 10, 21, 8),
};

export function describeWarmStore(name: string, start: () => Promise<WarmStoreFixture>): void {
  describe(`a store of words on ${name}`, () => {
    let fixture: WarmStoreFixture;
    let store: WarmStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('has none before somebody told one', async () => {
      expect(await store.load()).toEqual({ words: [], badWords: 0 });
    });

    it('gives back the last word of each target', async () => {
      const other = { ...word, target: `${word.target}-2`, at: word.at + 1 };
      const awake = { ...word, kind: 'awake' as const, at: word.at + 2 };
      await store.tell(word);
      await Promise.all([store.tell(other), store.tell(awake)]);
      const { words, badWords } = await store.load();
      expect(badWords).toBe(0);
      expect(words.toSorted((one, two) => one.at - two.at)).toEqual([other, awake]);
    });
  });
}
