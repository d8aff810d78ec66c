import { describe, expect, it } from 'vitest';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { sealedRoute } from '#test/builders/routes.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { pinRoute } from '#usecases/operate/pin-route.ts';

const order = { model: 'chat', residency: 'us', by: 'ada', reason: 'a release', hours: 2 };

describe('pinning a route', () => {
  it('holds what stands, and is logged before it is done', async () => {
    const routes = createMemoryRouteStore();
    await routes.publish(sealedRoute(1));
    const steps: string[] = [];
    const watched = {
      ...routes,
      saveHold: async (hold: Parameters<typeof routes.saveHold>[0]) => {
        steps.push('hold');
        await routes.saveHold(hold);
      },
    };
    const log = { write: (_level: string, event: string) => void steps.push(event) };
    const clock = createVirtualClock(Date.UTC(2026, 10, 21, 8));
    const { version, hold } = await pinRoute({ clock, routes: watched, log }, order);
    expect([version, hold.until]).toEqual([1, '2026-11-21T10:00:00.000Z']);
    expect(steps).toEqual(['operator-pinned-route', 'hold']);
    expect(await routes.loadHolds()).toEqual([{ ...hold, region: 'us-east-1' }]);
  });

  it('is refused where nothing is published', async () => {
    const clock = createVirtualClock(0);
    const routes = createMemoryRouteStore();
    await expect(pinRoute({ clock, routes, log: { write: () => undefined } }, order)).rejects.toMatchObject({
      code: 'route_unknown',
    });
    expect(await routes.loadHolds()).toEqual([]);
  });

  it('is refused where another version stands than the one that was named, and holds nothing', async () => {
    const clock = createVirtualClock(0);
    const routes = createMemoryRouteStore();
    await routes.publish(sealedRoute(1));
    const dependencies = { clock, routes, log: { write: () => undefined } };
    await expect(pinRoute(dependencies, { ...order, version: 2 })).rejects.toMatchObject({
      code: 'condition_lost',
      message: 'version 1 of model chat for residency us stands now, not 2',
    });
    expect(await routes.loadHolds()).toEqual([]);
    expect(await pinRoute(dependencies, { ...order, version: 1 })).toMatchObject({ version: 1 });
  });
});
