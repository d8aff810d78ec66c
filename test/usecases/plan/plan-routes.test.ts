import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';
import { openSmallWorld, smallAccount, smallModel, smallRegions } from '#test/builders/small-world.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';
import { checksumOf } from '#usecases/plan/seal-route.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

/** The listing loses ON_DEMAND: a loss that no second sign vouches for. */
async function makeProfileOnly(): Promise<void> {
  for (const region of smallRegions)
    world.region(smallAccount, region).models.set(smallModel, plainModel(smallModel, { inferenceTypes: [] }));
  await world.discoverAll();
}

const us = async () => {
  const run = await world.plan();
  if (run.kind !== 'planned') throw new Error(run.why);
  return { run, route: run.routes.find((each) => each.residency === 'us') };
};

describe('a run of plan', () => {
  it('seals every route with a checksum that a reader can make again', async () => {
    const route = await world.dependencies.routes.load('chat', 'us');
    if (route === undefined) throw new Error('nothing was published');
    expect(checksumOf(route, world.dependencies.digest)).toBe(route.checksum);
    expect(route.baseline.map((target) => target.region)).toEqual(['us-east-1']);
  });

  it('keeps a refused route, counts the refusal, and pages when it stands', async () => {
    await makeProfileOnly();
    const first = await us();
    expect(first.route).toMatchObject({
      kind: 'refused',
      outcome: 'kept',
      refusal: { code: 'would-empty' },
      version: 1,
    });
    expect(first.run.paging).toEqual([]);
    world.clock.advance(8 * 60_000);
    await us();
    world.clock.advance(8 * 60_000);
    await world.discoverAll();
    const third = await us();
    expect(third.run.paging).toHaveLength(2);
    expect(world.metrics.points.filter(({ name }) => name === 'GuardRefusals').at(-1)).toMatchObject({
      value: 2,
      dimensions: { Model: 'chat' },
    });
    expect(world.metrics.points.some(({ name }) => name === 'GuardRefusalsStanding')).toBe(true);
    expect(world.lines.some(({ event, level }) => event === 'refusal-stands' && level === 'error')).toBe(
      true,
    );
  });

  it('forgets a refusal that passed', async () => {
    await makeProfileOnly();
    await us();
    expect(await world.dependencies.refusals.loadAll()).toHaveLength(2);
    for (const region of smallRegions)
      world.region(smallAccount, region).models.set(smallModel, plainModel(smallModel));
    await world.discoverAll();
    await us();
    expect(await world.dependencies.refusals.loadAll()).toEqual([]);
  });

  it('passes the guard at an operator’s word, for that route only, and says whose it was', async () => {
    await makeProfileOnly();
    await world.plan({ model: 'chat', residency: 'us', by: 'ada', reason: 'AWS told us' });
    expect(await world.targetIds('chat', 'us')).toEqual([]);
    expect((await world.dependencies.routes.load('chat', 'us'))?.reason).toMatch(
      /^forced by ada \(AWS told us\): /,
    );
    expect(await world.targetIds('chat', 'anywhere')).toHaveLength(4);
    expect(world.lines.some(({ event }) => event === 'operator-forced')).toBe(true);
  });

  it('leaves to the next run what somebody else published first', async () => {
    world.region(smallAccount, 'us-west-2').availability.set(smallModel, { authorization: 'NOT_AUTHORIZED' });
    await world.discoverAll();
    const { routes } = world.dependencies;
    const late = { ...world.dependencies, routes: { ...routes, publish: async () => false } };
    const run = await planRoutes(late, world.setting);
    expect(run.kind === 'planned' && run.routes.map((each) => each.outcome)).toEqual([
      'conflict',
      'conflict',
    ]);
    expect((await us()).route?.outcome).toBe('published');
  });

  it('goes on with the other routes when one cannot be written', async () => {
    world.region(smallAccount, 'us-west-2').availability.set(smallModel, { authorization: 'NOT_AUTHORIZED' });
    await world.discoverAll();
    const { routes } = world.dependencies;
    const publish: typeof routes.publish = async (route) => {
      if (route.residency === 'us') throw houseError('throttled', { message: 'hot key' });
      return routes.publish(route);
    };
    const run = await planRoutes({ ...world.dependencies, routes: { ...routes, publish } }, world.setting);
    expect(run.kind === 'planned' && run.routes.map((each) => each.outcome)).toEqual([
      'conflict',
      'published',
    ]);
  });

  it('never overwrites a route of a newer schema, and repairs one that is damaged', async () => {
    const empty = createMemoryRouteStore();
    const published: string[] = [];
    const routes = {
      ...empty,
      loadAll: async () => ({
        routes: [],
        badItems: 2,
        bad: [
          { model: 'chat', residency: 'us', why: 'schema', version: 7 } as const,
          { model: 'chat', residency: 'anywhere', why: 'checksum', version: 4 } as const,
        ],
      }),
      publish: async (route: { residency: string; version: number }) => {
        published.push(`${route.residency} ${route.version}`);
        return true;
      },
    };
    const run = await planRoutes({ ...world.dependencies, routes }, world.setting);
    expect(published).toEqual(['anywhere 5']);
    expect(run.kind === 'planned' && run.routes[0]?.refusal?.code).toBe('schema-unknown');
    expect(run.kind === 'planned' && run.badItems).toBe(2);
  });

  it.each(['loadAll', 'loadHolds', 'loadSignals'] as const)(
    'changes nothing when %s of the routes fails',
    async (method) => {
      const { routes } = world.dependencies;
      const broken = {
        ...routes,
        [method]: async () => {
          throw houseError('timed_out', { message: 'no answer' });
        },
        publish: async () => {
          throw new Error('must not be called');
        },
      };
      expect(await planRoutes({ ...world.dependencies, routes: broken }, world.setting)).toMatchObject({
        kind: 'not-planned',
      });
    },
  );

  it('lets a programmer’s error end it', async () => {
    const { observations } = world.dependencies;
    const broken = { ...observations, loadAll: async () => Promise.reject(new TypeError('a bug')) };
    await expect(planRoutes({ ...world.dependencies, observations: broken }, world.setting)).rejects.toThrow(
      'a bug',
    );
  });
});
