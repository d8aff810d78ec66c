/** What every LeasePageStore promises: what `core/capacity/lease-page` says, one write at a time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admitTo,
  emptyPage,
  kvTokensOn,
  type LeasePage,
  overdueOn,
  releaseFrom,
  renewOn,
} from '#core/capacity/lease-page.ts';
import { createSeededRandom } from '#core/units/random.ts';
import type { LeasePageStore } from '#usecases/ports/lease-page-store.ts';

const start = Date.UTC(2026, 10, 21, 8);
const STEPS = 150;

export function describeLeasePageStore(
  name: string,
  open: () => Promise<{ readonly store: LeasePageStore; close(): Promise<void> }>,
): void {
  describe(`a store of lease pages on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const lease = (leaseId: string, kvTokens = 0, expiresAt = start) => ({ leaseId, kvTokens, expiresAt });

    it('is the page of the core, step by step, whatever is asked of it', async () => {
      const { store } = opened;
      const random = createSeededRandom('pages');
      const below = (limit: number): number => Math.floor(random.next() * limit);
      const pages = new Map<string, LeasePage>();
      let applied = 0;
      for (let step = 0; step < STEPS; step += 1) {
        const key = `chat#${below(2)}`;
        const page = pages.get(key) ?? emptyPage;
        const leaseId = `lease-${below(9)}`;
        const expiresAt = start + below(60_000);
        const chance = random.next();
        if (chance < 0.6) {
          const overdue = overdueOn(page, start + below(90_000)).filter((each) => each.leaseId !== leaseId);
          // Now and then as they were seen a while ago.
          const removed = random.next() < 0.8 ? overdue : overdue.map((each) => ({ ...each, expiresAt: 7 }));
          const kvRoom = random.next() < 0.7 ? 200 : undefined;
          const room = { slots: below(7), kvTokens: kvRoom };
          const kvTokens = random.next() < 0.5 ? 0 : below(90);
          const admission = { lease: { leaseId, expiresAt, kvTokens }, room, removed };
          const after = admitTo(page, admission);
          const outcome = await store.admit(key, admission);
          expect(outcome, `step ${step}`).toEqual(
            after === undefined ? { applied: false, page } : { applied: true },
          );
          if (after !== undefined) pages.set(key, after);
          if (after !== undefined) applied += 1;
        } else if (chance < 0.8) {
          const kvTokens = page.leases.get(leaseId)?.kvTokens ?? 0;
          const grownTo = kvTokens > 0 && below(2) === 0 ? kvTokens + below(30) : 0;
          const renewal = { expiresAt, kvTokens, grownTo };
          const after = renewOn(page, leaseId, renewal);
          expect(await store.renew(key, leaseId, renewal), `step ${step}`).toBe(after !== undefined);
          if (after !== undefined) pages.set(key, after);
        } else {
          await store.release(key, lease(leaseId, page.leases.get(leaseId)?.kvTokens ?? 0));
          pages.set(key, releaseFrom(page, leaseId));
        }
      }
      expect(applied).toBeGreaterThan(STEPS / 10);
    });

    it('lets in as many of those who ask at once as there is room for', async () => {
      const { store } = opened;
      const room = { slots: 5, kvTokens: 100 };
      const ids = Array.from({ length: 24 }, (_, index) => `lease-${index}`);
      const ask = (id: string) => store.admit('crowd#0', { lease: lease(id, 20), room, removed: [] });
      const outcomes = await Promise.all(ids.map(ask));
      expect(outcomes.filter(({ applied }) => applied)).toHaveLength(5);
      const gone = ids.filter((_, index) => outcomes[index]?.applied === true);
      // Twice, as a network may: the sum of KV tokens goes down once.
      await Promise.all([...gone, ...gone].map((id) => store.release('crowd#0', lease(id, 20))));
      const refused = await store.admit('crowd#0', { lease: lease('large', 101), room, removed: [] });
      expect(refused).toEqual({ applied: false, page: emptyPage });
      expect(await store.admit('crowd#0', { lease: lease('whole', 100), room, removed: [] })).toEqual({
        applied: true,
      });
    });

    it('swaps overdue leases for a new one in one write, and keeps the sum', async () => {
      const { store } = opened;
      const room = { slots: 2, kvTokens: 100 };
      await store.admit('swap#0', { lease: lease('a', 60, start), room, removed: [] });
      await store.admit('swap#0', { lease: lease('b', 40, start + 1), room, removed: [] });
      const removed = [lease('a', 60, start)];
      expect(await store.admit('swap#0', { lease: lease('c', 61), room, removed })).toMatchObject({
        applied: false,
      });
      expect(await store.admit('swap#0', { lease: lease('c', 60), room, removed })).toEqual({
        applied: true,
      });
      const outcome = await store.admit('swap#0', { lease: lease('d'), room, removed: [] });
      const page = outcome.applied ? emptyPage : outcome.page;
      expect([[...page.leases.keys()].sort(), kvTokensOn(page)]).toEqual([['b', 'c'], 100]);
    });

    it('counts growth once, also for a holder that did not hear of it', async () => {
      const { store } = opened;
      const key = 'grown#0';
      const room = { slots: 3, kvTokens: 100 };
      const admit = (id: string, kvTokens: number) =>
        store.admit(key, { lease: lease(id, kvTokens), room, removed: [] });
      expect(await admit('a', 30)).toEqual({ applied: true });
      // Each knows of the 30 alone.
      for (const [after, grownTo] of [
        [10, 50],
        [20, 50],
        [30, 80],
      ] as const)
        expect(await store.renew(key, 'a', { expiresAt: start + after, kvTokens: 30, grownTo })).toBe(true);
      expect((await admit('b', 21)).applied).toBe(false);
      expect(await admit('c', 20)).toEqual({ applied: true });
      expect(await store.renew(key, 'gone', { expiresAt: start + 40, kvTokens: 30, grownTo: 50 })).toBe(
        false,
      );
      await store.release(key, lease('a', 30));
      await store.release(key, lease('a', 30));
      expect((await admit('d', 81)).applied).toBe(false);
      expect(await admit('e', 80)).toEqual({ applied: true });
    });

    it('renews what is there, and never backwards', async () => {
      const { store } = opened;
      const room = { slots: 2, kvTokens: undefined };
      await store.admit('renewed#0', { lease: lease('a'), room, removed: [] });
      expect(await store.renew('renewed#0', 'a', { expiresAt: start + 10, kvTokens: 0 })).toBe(true);
      expect(await store.renew('renewed#0', 'a', { expiresAt: start + 5, kvTokens: 0 })).toBe(true);
      expect(await store.renew('renewed#0', 'b', { expiresAt: start + 10, kvTokens: 0 })).toBe(false);
      expect(await store.renew('never-written#0', 'a', { expiresAt: start + 10, kvTokens: 0 })).toBe(false);
      const outcome = await store.admit('renewed#0', { lease: lease('a'), room, removed: [] });
      expect(outcome).toEqual({
        applied: false,
        page: { leases: new Map([['a', { expiresAt: start + 10, kvTokens: 0 }]]) },
      });
    });
  });
}
