/** What every ChangeLog promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      await log.append(place, [change(1_000, 'a'), change(1_000, 'b')]);
      await log.append(
        place,
        Array.from({ length: 30 }, (_, index) => change(2_000 + index, 'c')),
      );
      await log.append({ ...place, region: 'us-west-2' }, [change(9_000, 'd')]);
      expect((await log.load(place, 100)).map((each) => each.at).slice(0, 2)).toEqual([2_029, 2_028]);
      expect(await log.load(place, 100)).toHaveLength(32);
      expect(await log.load(place, 1)).toEqual([change(2_029, 'c')]);
    });
  });
}
