import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import type { Route } from '#core/plan/route.ts';
import type { TargetState } from '#core/target.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';
import { plainObservation, plainTarget, sealedRoute } from '#test/builders/routes.ts';
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

  it('goes over a version that a newer product wrote and this one cannot read', async () => {
    const { routes } = world.dependencies;
    const bad = [{ model: 'chat', residency: 'us', why: 'schema' as const, version: 2 }];
    const unread = {
      ...routes,
      load: async () => undefined,
      loadAll: async () => ({ routes: [], badItems: 1, bad }),
    };
    const { route } = await rollBackRoute({ ...world.dependencies, routes: unread }, world.setting, order);
    expect(route.version).toBe(3);
    expect((await routes.load('chat', 'us'))?.version).toBe(3);
  });

  it('does not bring back what residency forbids today', async () => {
    const store = world.dependencies.routes;
    const loose = sealedRoute(3, { targets: [plainTarget('us-east-1'), plainTarget('eu-central-1')] });
    expect(await store.publish(loose)).toBe(true);
    const { route, leftOut } = await rollBack({ version: 3 });
    expect(route.targets.map((target) => target.region)).toEqual(['us-east-1']);
    expect(leftOut).toEqual([smallId('eu-central-1')]);
  });

  it('leaves out a target whose reach has left the residency since', async () => {
    const store = world.dependencies.routes;
    const profile = plainTarget('us-east-1', {
      profileId: `us.${smallModel}`,
      scope: 'geo',
      reach: ['us-east-1', 'us-west-2'],
    });
    expect(await store.publish(sealedRoute(3, { targets: [plainTarget('us-east-2'), profile] }))).toBe(true);
    const { observations } = world.dependencies;
    const report = await observations.load(smallAccount, 'us-east-1');
    if (report === undefined) throw new Error('us-east-1 did not report');
    const wider = plainObservation('us-east-1', {
      profileId: `us.${smallModel}`,
      scope: 'geo',
      reach: ['us-east-1', 'ca-central-1'],
    });
    expect(
      await observations.save({ ...report, targets: [...report.targets, wider], at: report.at + 1 }),
    ).toBe(true);
    const { route, leftOut } = await rollBack({ version: 3 });
    expect(route.targets.map((target) => target.region)).toEqual(['us-east-2']);
    expect(leftOut).toEqual([profile.id]);
  });

  it('does not go over what others publish in between, where one version was to stand', async () => {
    const { routes } = world.dependencies;
    let loads = 0;
    const moving = {
      ...routes,
      load: async (model: string, residency: string) => {
        loads += 1;
        const standing = await routes.load(model, residency);
        return loads === 1 || standing === undefined
          ? standing
          : { ...standing, version: standing.version + 1 };
      },
    };
    await expect(
      rollBackRoute({ ...world.dependencies, routes: moving }, world.setting, { ...order, standing: 2 }),
    ).rejects.toMatchObject({
      code: 'condition_lost',
      message: expect.stringMatching(/version 3 .* stands now, not 2; nothing was published, and the hold/),
    });
    expect((await routes.load('chat', 'us'))?.version).toBe(2);
  });

  it('gives the targets their state of today: of fresh observations, else of the standing route', async () => {
    const store = world.dependencies.routes;
    const states = (first: TargetState, second: TargetState) => ({
      targets: [
        plainTarget('us-west-2', { state: first }),
        plainTarget('us-east-1', { state: second }),
        plainTarget('us-east-2', { state: 'legacy' }),
      ],
    });
    expect(await store.publish(sealedRoute(3, states('warming', 'legacy')))).toBe(true);
    expect(await store.publish(sealedRoute(4, states('warm', 'legacy')))).toBe(true);
    const shown = (route: Route) => route.targets.map(({ region, state }) => `${region} ${state}`);
    // us-west-2 is unusable today by discovery: what is published of it counts, and the operator's word that it stands.
    expect(shown((await rollBack({ version: 3 })).route)).toEqual([
      'us-west-2 warm',
      'us-east-1 available',
      'us-east-2 available',
    ]);
    expect(await store.publish(sealedRoute(6, states('warm', 'warm')))).toBe(true);
    const blind = {
      ...world.dependencies,
      observations: {
        ...world.dependencies.observations,
        loadAll: () => Promise.reject(houseError('timed_out', { message: 'too late' })),
      },
    };
    const { route } = await rollBackRoute(blind, world.setting, { ...order, version: 3 });
    expect(shown(route)).toEqual(['us-west-2 warm', 'us-east-1 warm', 'us-east-2 legacy']);
    expect(world.lines.some(({ event }) => event === 'rolled-back-without-observations')).toBe(true);
  });

  it('takes a new version under the hold when what is known of its targets changes', async () => {
    world.region(smallAccount, 'us-west-2').availability.delete(smallModel);
    await world.discoverAll();
    await world.plan();
    await rollBack();
    const held = await world.dependencies.routes.load('chat', 'us');
    world.region(smallAccount, 'us-east-2').models.set(smallModel, {
      ...plainModel(smallModel),
      lifecycle: 'LEGACY',
    });
    await world.discoverAll();
    await world.plan();
    const next = await world.dependencies.routes.load('chat', 'us');
    expect(next?.version).toBe((held?.version ?? 0) + 1);
    expect(next?.targets.map((target) => target.id)).toEqual(held?.targets.map((target) => target.id));
    expect(next?.targets.find((target) => target.region === 'us-east-2')?.lifecycle).toBe('LEGACY');
    expect(next?.reason).toContain(
      `refreshed what is known of ${smallId('us-east-2')}; the rest held by ada`,
    );
    await world.plan();
    expect((await world.dependencies.routes.load('chat', 'us'))?.version).toBe(next?.version);
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
