import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { openSmallWorld, planUs, smallAccount, smallModel } from '#test/builders/small-world.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';
import { checksumOf } from '#usecases/plan/seal-route.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const us = () => planUs(world);

describe('a run of plan', () => {
  it('seals every route with a checksum that a reader can make again', async () => {
    const route = await world.dependencies.routes.load('chat', 'us');
    if (route === undefined) throw new Error('nothing was published');
    expect(checksumOf(route, world.dependencies.digest)).toBe(route.checksum);
    expect(route.baseline.map((target) => target.region)).toEqual(['us-east-1']);
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

  it('lets a programmer’s error end it', async () => {
    const { observations } = world.dependencies;
    const broken = { ...observations, loadAll: async () => Promise.reject(new TypeError('a bug')) };
    await expect(planRoutes({ ...world.dependencies, observations: broken }, world.setting)).rejects.toThrow(
      'a bug',
    );
  });
});
