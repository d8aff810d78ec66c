import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { openSmallWorld } from '#test/builders/small-world.ts';
import { loadKnowledge, routeKey } from '#usecases/plan/plan-knowledge.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

describe('what a run of plan knows', () => {
  it('is what every store holds, routes by their key', async () => {
    const known = await loadKnowledge(world.dependencies);
    expect([...known.routes.keys()].sort()).toEqual([routeKey('chat', 'anywhere'), routeKey('chat', 'us')]);
    expect(known.regions).toHaveLength(4);
    expect(known).toMatchObject({ badItems: 0, holds: [], refusals: [] });
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
});
