/** What every SegmentStore promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentStore } from '#usecases/ports/segment-store.ts';

export function describeSegmentStore(
  name: string,
  open: () => Promise<{ readonly store: SegmentStore; now(): number; close(): Promise<void> }>,
): void {
  describe(`a segment store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('is empty where nothing was stored', async () => {
      expect(await opened.store.list()).toEqual([]);
      expect(await opened.store.read('segments/000000000000001.jsonl')).toBeUndefined();
    });

    it('keeps what came first, locked, and says that something stands there', async () => {
      const { store } = opened;
      const key = 'segments/000000000000011.jsonl';
      expect(await store.create(key, 'one\nzwölf\n')).toBe(true);
      expect(await store.create(key, 'other\n')).toBe(false);
      const stored = await store.read(key);
      expect(stored).toMatchObject({ text: 'one\nzwölf\n', lock: { mode: 'governance' } });
      expect(Date.parse(stored?.lock?.until ?? '')).toBeGreaterThan(opened.now());
    });

    it('creates one of two that come at a time', async () => {
      const { store } = opened;
      const key = 'segments/000000000000021.jsonl';
      const created = await Promise.all([store.create(key, 'a\n'), store.create(key, 'b\n')]);
      expect([...created].sort()).toEqual([false, true]);
    });

    it('lists them in the order of their keys, with when they came', async () => {
      const { store } = opened;
      await store.create('segments/000000000000001.jsonl', 'first\n');
      const listed = await store.list();
      expect(listed.map(({ key }) => key)).toEqual([
        'segments/000000000000001.jsonl',
        'segments/000000000000011.jsonl',
        'segments/000000000000021.jsonl',
      ]);
      for (const { storedAt } of listed) expect(Math.abs(storedAt - opened.now())).toBeLessThan(60_000);
    });
  });
}
