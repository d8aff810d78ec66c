/** What every RouteStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealedRoute } from '#test/builders/routes.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';

export interface RouteStoreFixture {
  /** An empty store. */
  open(): Promise<RouteStore>;
  close(): Promise<void>;
}

export function describeRouteStore(name: string, start: () => Promise<RouteStoreFixture>): void {
  describe(`a route store on ${name}`, () => {
    let fixture: RouteStoreFixture;
    let store: RouteStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('holds nothing before the first version', async () => {
      expect(await store.load('chat', 'us')).toBeUndefined();
      expect(await store.loadAll()).toMatchObject({ routes: [], badItems: 0 });
      expect(await store.loadHistory('chat', 'us')).toEqual([]);
    });

    it('gives back exactly what was published', async () => {
      const route = sealedRoute(1, { unusable: true, dropped: 3 });
      expect(await store.publish(route)).toBe(true);
      expect(await store.load('chat', 'us')).toEqual(route);
      expect((await store.loadAll()).routes).toEqual([route]);
    });

    it('takes the next version only, and writes nothing otherwise', async () => {
      expect(await store.publish(sealedRoute(2))).toBe(false);
      expect(await store.publish(sealedRoute(1))).toBe(true);
      expect(await store.publish(sealedRoute(1, { reason: 'late' }))).toBe(false);
      expect(await store.publish(sealedRoute(3))).toBe(false);
      expect((await store.load('chat', 'us'))?.reason).toBe('version 1');
      expect(await store.loadHistory('chat', 'us')).toHaveLength(1);
    });

    it('lets one of many writers of a version win', async () => {
      await store.publish(sealedRoute(1));
      const won = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.publish(sealedRoute(2, { reason: `writer ${index}` }))),
      );
      expect(won.filter((each) => each)).toHaveLength(1);
      const winner = await store.load('chat', 'us');
      expect(winner?.reason).toBe(`writer ${won.indexOf(true)}`);
      expect((await store.loadHistory('chat', 'us'))[0]).toEqual(winner);
    });

    it('keeps thirty versions of each route apart, newest first', async () => {
      await store.publish(sealedRoute(1, { residency: 'eu' }));
      for (let version = 1; version <= 33; version += 1) await store.publish(sealedRoute(version));
      const history = await store.loadHistory('chat', 'us');
      expect(history.map((route) => route.version)).toEqual(
        Array.from({ length: 30 }, (_, index) => 33 - index),
      );
      expect(history[1]).toEqual(sealedRoute(32));
      expect((await store.loadHistory('chat', 'eu')).map((route) => route.version)).toEqual([1]);
      expect(
        (await store.loadAll()).routes.map((route) => `${route.residency} ${route.version}`).sort(),
      ).toEqual(['eu 1', 'us 33']);
    });

    it('finds a version by its number', async () => {
      for (let version = 1; version <= 3; version += 1) await store.publish(sealedRoute(version));
      expect(await store.loadVersion('chat', 'us', 2)).toEqual(sealedRoute(2));
      expect(await store.loadVersion('chat', 'us', 3)).toEqual(sealedRoute(3));
      expect(await store.loadVersion('chat', 'us', 4)).toBeUndefined();
      expect(await store.loadVersion('chat', 'eu', 2)).toBeUndefined();
    });

    it('keeps one hold for each route until it is lifted', async () => {
      const hold = {
        model: 'chat',
        residency: 'us',
        by: 'ada',
        reason: 'incident',
        until: '2026-08-22T00:00:00.000Z',
      };
      await store.saveHold({ ...hold, reason: 'first' });
      await store.saveHold(hold);
      await store.saveHold({ ...hold, residency: 'eu' });
      expect((await store.loadHolds()).map((each) => `${each.residency} ${each.reason}`).sort()).toEqual([
        'eu incident',
        'us incident',
      ]);
      const over = { ...hold, until: '2026-08-21T00:00:00.000Z' };
      await store.saveHold(over);
      expect(await store.loadHolds()).toContainEqual({ ...over, region: store.region });
    });

    it('keeps the last signal of each target and gateway region', async () => {
      const signal = { target: 'a/b/c', gatewayRegion: 'us-east-1', outcome: 'targets-fault', at: 5 };
      await store.saveSignal({ ...signal, at: 1, errorName: 'AccessDeniedException' });
      await store.saveSignal(signal);
      await store.saveSignal({ ...signal, gatewayRegion: 'eu-central-1' });
      const signals = await store.loadSignals();
      expect(signals).toHaveLength(2);
      expect(signals).toContainEqual(signal);
    });
  });
}
