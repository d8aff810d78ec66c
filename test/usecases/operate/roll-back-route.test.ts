import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { plainTarget, sealedRoute } from '#test/builders/routes.ts';
import { openSmallWorld, smallAccount, smallId, smallModel } from '#test/builders/small-world.ts';
import { rollBackRoute } from '#usecases/operate/roll-back-route.ts';

let world: ControlWorld;
const order = { model: 'chat', residency: 'us', version: 1, by: 'ada', reason: 'bad answers' };
const rollBack = (changes: object = {}) =>
  rollBackRoute(world.dependencies, world.setting, { ...order, ...changes });

beforeEach(async () => {
  world = await openSmallWorld();
  world.region(smallAccount, 'us-west-2').availability.set(smallModel, { authorization: 'NOT_AUTHORIZED' });
  await world.discoverAll();
  await world.plan();
});

describe('rolling back', () => {
  it('publishes the old content as a new version, with who and why', async () => {
    expect(await world.targetIds('chat', 'us')).not.toContain(smallId('us-west-2'));
    const { route, leftOut } = await rollBack();
    expect(route).toMatchObject({ version: 3, reason: 'rolled back to version 1 by ada: bad answers' });
    expect(leftOut).toEqual([]);
    expect(await world.targetIds('chat', 'us')).toContain(smallId('us-west-2'));
    expect(world.lines.some(({ event }) => event === 'operator-rolled-back')).toBe(true);
  });

  it('holds the route for 24 hours: plan shows and does not publish, and then it does', async () => {
    const { hold } = await rollBack();
    expect(Date.parse(hold.until) - world.clock.now()).toBe(24 * 3_600_000);
    const run = await world.plan();
    const held = run.kind === 'planned' ? run.routes.find((each) => each.residency === 'us') : undefined;
    expect(held).toMatchObject({ kind: 'held', outcome: 'kept', version: 3 });
    expect(held?.removed.map((each) => each.target)).toEqual([smallId('us-west-2')]);
    world.clock.advance(24 * 3_600_000);
    await world.discoverAll();
    await world.plan();
    expect((await world.dependencies.routes.load('chat', 'us'))?.version).toBe(4);
    expect(await world.targetIds('chat', 'us')).not.toContain(smallId('us-west-2'));
  });

  it('does not bring back what residency forbids today', async () => {
    const store = world.dependencies.routes;
    const loose = sealedRoute(3, { targets: [plainTarget('us-east-1'), plainTarget('eu-central-1')] });
    expect(await store.publish(loose)).toBe(true);
    const { route, leftOut } = await rollBack({ version: 3 });
    expect(route.targets.map((target) => target.region)).toEqual(['us-east-1']);
    expect(leftOut).toEqual([smallId('eu-central-1')]);
  });

  it('refuses a route or a version that nobody knows, and changes nothing', async () => {
    await expect(rollBack({ version: 9 })).rejects.toMatchObject({
      code: 'version_unknown',
      message: expect.stringContaining('2, 1'),
    });
    await expect(rollBack({ model: 'none' })).rejects.toMatchObject({ code: 'route_unknown' });
    expect(await world.dependencies.routes.loadHolds()).toEqual([]);
    expect((await world.dependencies.routes.load('chat', 'us'))?.version).toBe(2);
  });

  it('keeps its hold when others publish again and again, and says so', async () => {
    const { routes } = world.dependencies;
    const busy = { ...world.dependencies, routes: { ...routes, publish: async () => false } };
    await expect(rollBackRoute(busy, world.setting, order)).rejects.toMatchObject({ code: 'condition_lost' });
    expect(await routes.loadHolds()).toHaveLength(1);
  });
});
