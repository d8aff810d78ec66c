/** What every RateLedger promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { burstOf } from '#core/limits/rate-bucket.ts';
import type { RateLedger } from '#usecases/ports/rate-ledger.ts';

const start = Date.UTC(2026, 10, 21, 8);
const requests = { bucket: 'requests', rate: { perMinute: 60 }, units: 1, ahead: 0 };
let tenants = 0;
const aTenant = () => `tenant-${++tenants}`;
const asking = (tenant: string, changes: object = {}) => ({
  tenant,
  buckets: [requests],
  at: start,
  countProcess: false,
  ...changes,
});

export function describeRateLedger(
  name: string,
  open: () => Promise<{ readonly ledgers: readonly [RateLedger, RateLedger]; close(): Promise<void> }>,
): void {
  describe(`a rate ledger on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('gives 64 concurrent callers of two processes what the bucket holds, and not one more', async () => {
      const tenant = aTenant();
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, index) => opened.ledgers[index % 2 ? 1 : 0].take(asking(tenant))),
      );
      expect(answers.filter(({ taken }) => taken !== undefined)).toHaveLength(burstOf(requests.rate));
      const later = await opened.ledgers[0].take(asking(tenant, { at: start + 1000 }));
      expect(later).toMatchObject({ taken: [1], fullAt: [(start + 11_000) * 1000] });
      expect((await opened.ledgers[1].take(asking(tenant, { at: start + 1000 }))).taken).toBeUndefined();
    });

    it('never exceeds burst and rate in any window while clocks and callers interleave', async () => {
      const tenant = aTenant();
      const grants: number[] = [];
      for (let wave = 0; wave < 6; wave += 1) {
        const calls = Array.from({ length: 12 }, async (_, index) => {
          const at = start + wave * 700 + (index % 3) * 100;
          const { taken } = await opened.ledgers[index % 2 ? 1 : 0].take(asking(tenant, { at }));
          if (taken !== undefined) grants.push(at);
        });
        await Promise.all(calls);
      }
      grants.sort();
      expect(grants.length).toBeGreaterThanOrEqual(12);
      grants.forEach((from, first) => {
        grants.slice(first).forEach((to, index) => {
          // Clocks differ by 200 ms at most: so much of the rate is the declared error.
          expect(index + 1).toBeLessThanOrEqual(burstOf(requests.rate) + (to - from + 200) / 1000);
        });
      });
    });

    it('takes from all buckets or from none', async () => {
      const tenant = aTenant();
      const small = { bucket: 'tokens#chat', rate: { perMinute: 600 }, units: 80, ahead: 0 };
      const both = asking(tenant, { buckets: [requests, small] });
      expect((await opened.ledgers[0].take(both)).taken).toEqual([1, 80]);
      const refused = await opened.ledgers[1].take(both);
      expect(refused).toMatchObject({ fullAt: [(start + 1000) * 1000, (start + 8000) * 1000] });
      expect(refused.taken).toBeUndefined();
    });

    it('gives ahead as much as is there, to one who knows nothing of the bucket', async () => {
      const tenant = aTenant();
      const many = asking(tenant, { buckets: [{ ...requests, ahead: 5 }] });
      expect((await opened.ledgers[0].take(many)).taken).toEqual([6]);
      expect((await opened.ledgers[1].take(many)).taken).toEqual([4]);
      expect((await opened.ledgers[0].take(many)).taken).toBeUndefined();
    });

    it('lends a large amount to a full bucket only', async () => {
      const tenant = aTenant();
      const large = asking(tenant, { buckets: [{ ...requests, units: 50 }] });
      expect((await opened.ledgers[0].take(large)).taken).toEqual([50]);
      expect((await opened.ledgers[1].take({ ...large, at: start + 49_999 })).taken).toBeUndefined();
      expect((await opened.ledgers[1].take({ ...large, at: start + 50_000 })).taken).toEqual([50]);
    });

    it('takes back what was not used, and charges what was used beyond', async () => {
      const tenant = aTenant();
      const ten = asking(tenant, { buckets: [{ ...requests, units: 10 }] });
      await opened.ledgers[0].take(ten);
      await opened.ledgers[1].giveBack(tenant, [{ bucket: 'requests', perMinute: 60, units: 4 }]);
      const three = asking(tenant, { buckets: [{ ...requests, units: 3 }] });
      expect((await opened.ledgers[0].take(three)).fullAt).toEqual([(start + 9000) * 1000]);
      await opened.ledgers[1].giveBack(tenant, [{ bucket: 'requests', perMinute: 60, units: -2 }]);
      expect((await opened.ledgers[0].take(asking(tenant))).taken).toBeUndefined();
      await opened.ledgers[0].giveBack('nobody', [{ bucket: 'requests', perMinute: 60, units: 1 }]);
    });

    it('counts the processes of this minute and of the last', async () => {
      const tenant = aTenant();
      const [first, second] = opened.ledgers;
      await first.take(asking(tenant, { countProcess: true }));
      expect((await second.take(asking(tenant, { countProcess: true }))).processes).toBe(2);
      const later = { at: start + 60_000, countProcess: true };
      expect((await first.take(asking(tenant, later))).processes).toBe(2);
      const muchLater = { at: start + 180_000, countProcess: true };
      expect((await first.take(asking(tenant, muchLater))).processes).toBe(1);
    });
  });
}
