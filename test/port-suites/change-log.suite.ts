/** What every ChangeLog promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainObservation } from '#test/builders/routes.ts';
import type { ChangeLog } from '#usecases/ports/change-log.ts';

export function describeChangeLog(
  name: string,
  start: () => Promise<{ readonly log: ChangeLog; close(): Promise<void> }>,
): void {
  describe(`a change log on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      opened = await start();
    });
    afterAll(() => opened.close());

    it('gives the newest changes of one place first', async () => {
      const { log } = opened;
      const place = { account: '111111111111', region: 'us-east-1' };
      const change = (at: number, target: string) =>
        ({ target, from: 'available', to: 'legacy', reasons: ['r'], at }) as const;
      const load = (since: number, limit: number) => log.load(place, { since, limit });
      await log.append(place, [change(1_000, 'a'), change(1_000, 'b')]);
      const many = Array.from({ length: 30 }, (_, index) => change(2_000 + index, 'c'));
      await log.append(place, many);
      await log.append(place, many);
      await log.append({ ...place, region: 'us-west-2' }, [change(9_000, 'd')]);
      const all = await load(0, 32);
      expect(all).toMatchObject({ unreadable: [], badItems: 0, whole: true });
      expect(all.changes).toHaveLength(32);
      expect(all.changes.map((each) => each.at).slice(0, 2)).toEqual([2_029, 2_028]);
      expect(await load(2_028, 1)).toEqual({
        changes: [change(2_029, 'c')],
        unreadable: [],
        badItems: 0,
        whole: false,
      });
      expect((await load(2_028, 5)).changes.map(({ at }) => at)).toEqual([2_029, 2_028]);
      expect((await load(2_030, 5)).changes).toEqual([]);
    });

    it('gives a target that left, and one that is back, whole', async () => {
      const { log } = opened;
      const place = { account: '111111111111', region: 'eu-west-1' };
      const last = plainObservation('eu-west-1', { observedAt: 5, since: 5 });
      const known = { from: 'available', fromReasons: ['r'], fromSince: 5 } as const;
      const left = { target: last.id, ...known, to: undefined, reasons: [], at: 6, last };
      const back = { target: last.id, from: undefined, to: 'available', reasons: [], at: 7 } as const;
      await log.append(place, [left, back]);
      expect((await log.load(place, { since: 0, limit: 9 })).changes).toEqual([back, left]);
    });
  });
}
