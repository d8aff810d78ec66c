import { describe, expect, it } from 'vitest';
import type { Signal } from '#core/plan/route.ts';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';
import { RouteReplicas } from '#simulator/world/route-replicas.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';

const [first, second] = [aRoute(), aRoute({ version: 2, targets: [aTarget()] })];

function someReplicas(lagMs = 1_000) {
  const time = new VirtualTime(0);
  const routes = new RouteReplicas(time, { homeRegion: 'us-east-1', lagMs });
  const [near, far] = [routes.replica('us-east-1'), routes.replica('eu-west-1')];
  const versionsAt = async (store: typeof near) =>
    (await store.loadAll()).routes.map(({ version }) => version);
  return { time, routes, near, far, versionsAt };
}

describe('replicas of the routing table', () => {
  it('have what was published a while later, and the home has it at once', async () => {
    const { time, routes, far, versionsAt } = someReplicas();
    expect(await routes.home.publish(first)).toBe(true);
    expect(await versionsAt(routes.home)).toEqual([1]);
    await time.run(999);
    expect(await versionsAt(far)).toEqual([]);
    await time.run(1_000);
    expect(await versionsAt(far)).toEqual([1]);
    expect(await far.load('chat-small', 'us')).toEqual(first);
    expect(await far.load('chat-small', 'eu')).toBeUndefined();
  });

  it('have nothing that was not published because somebody else was first', async () => {
    const { time, routes, far, versionsAt } = someReplicas();
    await routes.home.publish(first);
    expect(await routes.home.publish(aRoute({ reason: 'too late' }))).toBe(false);
    await time.run();
    expect(await versionsAt(far)).toEqual([1]);
    expect((await far.load('chat-small', 'us'))?.reason).toBe(first.reason);
  });

  it('are dark one by one, and have afterwards what came in the meantime', async () => {
    const { time, routes, near, far, versionsAt } = someReplicas();
    routes.trouble('eu-west-1', 'dark');
    await routes.home.publish(first);
    await time.run();
    await expect(far.loadAll()).rejects.toMatchObject({ code: 'upstream_unavailable' });
    await expect(far.load('chat-small', 'us')).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(await versionsAt(near)).toEqual([1]);
    routes.trouble('eu-west-1', 'none');
    expect(await versionsAt(far)).toEqual([1]);
  });

  it('hang: neither answer nor failure', async () => {
    const { time, routes, far } = someReplicas();
    routes.trouble('eu-west-1', 'hangs');
    let settled = false;
    void far.loadAll().finally(() => (settled = true));
    time.after(3_600_000, () => undefined);
    await time.run();
    expect(settled).toBe(false);
  });

  it('show what was planted in one of them, until it is restored or published over', async () => {
    const { time, routes, near, far, versionsAt } = someReplicas();
    await routes.home.publish(first);
    await time.run();
    routes.plant('eu-west-1', [{ ...first, version: 9 }]);
    expect([await versionsAt(far), await versionsAt(near)]).toEqual([[9], [1]]);
    await routes.restore('eu-west-1');
    expect(await versionsAt(far)).toEqual([1]);
    routes.plant('eu-west-1', [{ ...first, version: 9 }]);
    await routes.home.publish(second);
    await time.run();
    expect(await far.load('chat-small', 'us')).toEqual(second);
  });

  it('tell the home what gateways saw, a while later; the last of each gateway and target', async () => {
    const { time, routes, near, far } = someReplicas();
    const signal = (gatewayRegion: string, at: number): Signal => ({
      target: aTarget().id,
      gatewayRegion,
      outcome: 'throttled',
      at,
    });
    await far.saveSignal(signal('eu-west-1', 1));
    await near.saveSignal(signal('us-east-1', 2));
    await time.run(999);
    expect(await routes.home.loadSignals()).toEqual([]);
    await far.saveSignal(signal('eu-west-1', 3));
    await time.run();
    expect((await routes.home.loadSignals()).map(({ at }) => at).toSorted()).toEqual([2, 3]);
    routes.trouble('eu-west-1', 'dark');
    await expect(far.saveSignal(signal('eu-west-1', 4))).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
  });
});
