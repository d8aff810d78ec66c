/** What every ChainHeadStore promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChainHeadStore } from '#usecases/ports/chain-head-store.ts';

export function describeChainHeadStore(
  name: string,
  open: () => Promise<{ readonly store: ChainHeadStore; close(): Promise<void> }>,
): void {
  describe(`a chain head store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('moves a head from where it is, and from nowhere else', async () => {
      const { store } = opened;
      const start = { sequence: 0, hash: 'genesis', segment: 0 };
      const one = { sequence: 3, hash: 'one', segment: 1 };
      const two = { sequence: 9, hash: 'two', segment: 4 };
      expect(await store.load()).toBeUndefined();
      expect(await store.move(one, two)).toBe(false);
      expect(await store.load()).toBeUndefined();
      expect(await store.move(start, one)).toBe(true);
      expect(await store.load()).toEqual(one);
      expect(await store.move(start, two)).toBe(false);
      expect(await store.move({ ...one, hash: 'forged' }, two)).toBe(false);
      expect(await store.load()).toEqual(one);
      expect(await store.move(one, two)).toBe(true);
      expect(await store.load()).toEqual(two);
    });

    it('moves it for one of two that want to at a time', async () => {
      const { store } = opened;
      const from = (await store.load()) ?? { sequence: 0, hash: 'genesis', segment: 0 };
      const to = (hash: string) => ({ sequence: from.sequence + 1, hash, segment: from.sequence + 1 });
      const moved = await Promise.all([store.move(from, to('a')), store.move(from, to('b'))]);
      expect([...moved].sort()).toEqual([false, true]);
    });
  });
}
