import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { openSmallWorld, smallAccount } from '#test/builders/small-world.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const discover = () => {
  world.clock.advance(60_000);
  return world.discover(smallAccount, 'us-east-1');
};

describe('a discovery run', () => {
  it('writes nothing when the last report cannot be read', async () => {
    const { observations } = world.dependencies;
    const saved: unknown[] = [];
    Object.assign(observations, {
      load: async () => Promise.reject(houseError('upstream_unavailable', { message: 'down' })),
      save: async (report: unknown) => saved.push(report),
    });
    const outcome = await discover();
    expect(outcome).toMatchObject({
      kind: 'not-stored',
      failures: ['observation store: upstream_unavailable'],
    });
    expect(saved).toEqual([]);
  });

  it('still publishes its metrics when the report cannot be written', async () => {
    const failing = async () => Promise.reject(houseError('throttled', { message: 'hot' }));
    Object.assign(world.dependencies.observations, { save: failing, saveHeartbeat: failing });
    const before = world.metrics.points.length;
    expect((await discover()).kind).toBe('not-stored');
    expect(world.metrics.points.length).toBeGreaterThan(before);
  });
});
