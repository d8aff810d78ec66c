import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';
import { plainTarget, sealedRoute } from '#test/builders/routes.ts';
import {
  openSmallWorld,
  smallAccount,
  smallId,
  smallModel,
  smallRegions,
} from '#test/builders/small-world.ts';
import { publishRoute, showPublication } from '#usecases/operate/publish-route.ts';

let world: ControlWorld;
const order = { model: 'chat', residency: 'us', by: 'ada', reason: 'AWS told us', force: true };
const publish = (changes: object = {}) =>
  publishRoute(world.dependencies, world.setting, { ...order, ...changes });
const show = (changes: object = {}) =>
  showPublication(world.dependencies, world.setting, { ...order, ...changes });
const hold = {
  model: 'chat',
  residency: 'us',
  by: 'bob',
  reason: 'incident',
  until: '2027-01-01T00:00:00.000Z',
};

beforeEach(async () => {
  world = await openSmallWorld();
});

/** A loss that no second sign vouches for: the guard refuses it. */
async function loseEveryTarget(): Promise<void> {
  for (const region of smallRegions)
    world.region(smallAccount, region).models.set(smallModel, plainModel(smallModel, { inferenceTypes: [] }));
  await world.discoverAll();
}

describe('publishing one route', () => {
  it('is refused by the guard, and passes it when forced, with who and why', async () => {
    await loseEveryTarget();
    expect(await publish({ force: false })).toMatchObject({
      kind: 'refused',
      outcome: 'kept',
      refusal: { code: 'would-empty' },
    });
    expect(await world.targetIds('chat', 'us')).toHaveLength(3);
    expect(await publish()).toMatchObject({ kind: 'publish', outcome: 'published', version: 2 });
    expect(await world.targetIds('chat', 'us')).toEqual([]);
    const route = await world.dependencies.routes.load('chat', 'us');
    expect(route?.reason).toMatch(/^forced by ada \(AWS told us\): /);
    expect(await world.dependencies.refusals.loadAll()).toEqual([]);
  });

  it('leaves every other route, and the metrics of the fleet, as they are', async () => {
    await loseEveryTarget();
    const points = world.metrics.points.length;
    await publish();
    expect(await world.targetIds('chat', 'anywhere')).toHaveLength(4);
    expect(world.metrics.points).toHaveLength(points);
  });

  it('shows the same without doing it', async () => {
    await loseEveryTarget();
    expect(await show({ force: false })).toMatchObject({ kind: 'refused' });
    expect(await show()).toMatchObject({ kind: 'publish', removed: { length: 3 } });
    expect(await world.targetIds('chat', 'us')).toHaveLength(3);
    expect(world.lines.some(({ event }) => event.startsWith('operator-'))).toBe(false);
  });

  it('is stopped by a hold, and passes it when forced; the hold goes on', async () => {
    await world.dependencies.routes.saveHold(hold);
    world.region(smallAccount, 'us-west-2').availability.set(smallModel, { authorization: 'NOT_AUTHORIZED' });
    await world.discoverAll();
    expect(await publish({ force: false })).toMatchObject({ kind: 'held', outcome: 'kept' });
    expect(await publish()).toMatchObject({ kind: 'publish', outcome: 'published' });
    expect(await world.targetIds('chat', 'us')).not.toContain(smallId('us-west-2'));
    expect(await world.dependencies.routes.loadHolds()).toMatchObject([hold]);
  });

  it('writes its order down before it publishes', async () => {
    await loseEveryTarget();
    const { routes } = world.dependencies;
    let told: unknown;
    const watched = {
      ...world.dependencies,
      routes: {
        ...routes,
        publish: async () => {
          told = world.lines.find(({ event }) => event === 'operator-published')?.facts;
          return false;
        },
      },
    };
    expect(await publishRoute(watched, world.setting, order)).toMatchObject({ outcome: 'conflict' });
    expect(told).toEqual(order);
  });

  it.each([
    ['the guard refuses all else', loseEveryTarget],
    ['a hold stands', () => world.dependencies.routes.saveHold(hold)],
    ['nothing else changes', async () => undefined],
  ])('never keeps or brings what the residency forbids, forced where %s', async (_name, prepare) => {
    const abroad = plainTarget('eu-central-1');
    const loose = sealedRoute(2, { targets: [plainTarget('us-east-1'), abroad], baseline: [abroad] });
    expect(await world.dependencies.routes.publish(loose)).toBe(true);
    await prepare();
    await publish();
    const route = await world.dependencies.routes.load('chat', 'us');
    const policy = world.setting.policies.find(({ name }) => name === 'us');
    if (route === undefined || policy === undefined) throw new Error('nothing was published');
    expect(route.version).toBe(3);
    const { facts } = world.setting;
    for (const target of [...route.targets, ...route.baseline])
      expect([target.id, judgeReach({ policy, target, facts }).lawful]).toEqual([target.id, true]);
  });

  it('refuses a route that the configuration does not have, and what cannot be read', async () => {
    await expect(publish({ model: 'none' })).rejects.toMatchObject({ code: 'route_unknown' });
    await expect(show({ residency: 'mars' })).rejects.toMatchObject({ code: 'route_unknown' });
    expect(world.lines.some(({ event }) => event === 'operator-published')).toBe(false);
    const blind = {
      ...world.dependencies,
      routes: {
        ...world.dependencies.routes,
        loadHolds: () => Promise.reject(houseError('timed_out', { message: 'late' })),
      },
    };
    await expect(publishRoute(blind, world.setting, order)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
  });
});
