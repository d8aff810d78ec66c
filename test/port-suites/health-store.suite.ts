/** What every HealthStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SharedHealth } from '#core/health/shared-health.ts';
import type { HealthStore, StoredHealth } from '#usecases/ports/health-store.ts';

export interface HealthStoreFixture {
  /** An empty store. */
  open(): Promise<HealthStore>;
  close(): Promise<void>;
}

const key = '111111111111/us-east-1/us.amazon.nova-lite-v1:0';
const at = Date.UTC(2026, 10, 21, 8);
const watched: SharedHealth = {
  failures: [{ by: 'p1', at, points: 3, origin: 'a1b2c3' }],
  goods: [{ origin: 'x', at: at - 1 }],
  tallies: [{ by: 'p1', at, good: 15, failed: 4 }],
};
const ejected: SharedHealth = {
  ...watched,
  standing: {
    episode: at + 1,
    phase: 'ejected',
    at: at + 1,
    until: at + 5001,
    ejections: 1,
    by: 'p1',
    probe: { by: 'p2', at: at + 5001, open: true },
  },
};
const item = (revision: number, health: SharedHealth = watched): StoredHealth => ({ key, revision, health });

export function describeHealthStore(name: string, start: () => Promise<HealthStoreFixture>): void {
  describe(`a health store on ${name}`, () => {
    let fixture: HealthStoreFixture;
    let store: HealthStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('says nothing of any target before something failed', async () => {
      expect(await store.loadAll()).toEqual({ items: [], badItems: 0 });
      expect(await store.load(key)).toBeUndefined();
    });

    it('gives back what was told, whole', async () => {
      expect(await store.save(item(at), undefined)).toBe(true);
      expect(await store.save({ ...item(at + 7, ejected), key: `${key}-other` }, undefined)).toBe(true);
      expect(await store.load(`${key}-other`)).toEqual({ ...item(at + 7, ejected), key: `${key}-other` });
      const { items } = await store.loadAll();
      expect(items.map((each) => each.key).toSorted()).toEqual([key, `${key}-other`]);
    });

    it('lets nothing older stand in the place of something newer', async () => {
      expect(await store.save(item(at), undefined)).toBe(true);
      expect(await store.save(item(at + 1, ejected), at)).toBe(true);
      // Made from what had gone by then, and made as if there were nothing.
      expect(await store.save(item(at + 2), at)).toBe(false);
      expect(await store.save(item(at + 2), undefined)).toBe(false);
      expect(await store.load(key)).toEqual(item(at + 1, ejected));
    });

    it('takes one of many that write at once', async () => {
      await store.save(item(at), undefined);
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.save(item(at + 1 + index), at)),
      );
      expect(taken.filter((written) => written)).toHaveLength(1);
    });
  });
}
