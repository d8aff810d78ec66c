import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { makeProfileOnly, openSmallWorld } from '#test/builders/small-world.ts';
import { orderFor } from '#usecases/plan/plan-all.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

describe('the plan of every route', () => {
  it('passes the guard at an operator’s word, for that route only, and says whose it was', async () => {
    await makeProfileOnly(world);
    await world.plan({ model: 'chat', residency: 'us', by: 'ada', reason: 'AWS told us' });
    expect(await world.targetIds('chat', 'us')).toEqual([]);
    expect((await world.dependencies.routes.load('chat', 'us'))?.reason).toMatch(
      /^forced by ada \(AWS told us\): /,
    );
    expect(await world.targetIds('chat', 'anywhere')).toHaveLength(4);
    expect(world.lines.some(({ event }) => event === 'operator-forced')).toBe(true);
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

  it('is forced for the one route that an order names', () => {
    const order = { model: 'chat', residency: 'us', by: 'ada', reason: 'incident' };
    expect(orderFor(order, 'chat', 'us')).toBe(order);
    expect(orderFor(order, 'chat', 'anywhere')).toBeUndefined();
    expect(orderFor(undefined, 'chat', 'us')).toBeUndefined();
  });
});
