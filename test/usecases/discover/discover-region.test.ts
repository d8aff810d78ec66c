import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { openSmallWorld, smallAccount, smallModel } from '#test/builders/small-world.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const discover = () => {
  world.clock.advance(60_000);
  return world.discover(smallAccount, 'us-east-1');
};
const fake = () => world.region(smallAccount, 'us-east-1');

describe('a discovery run', () => {
  it('asks for access of tracked models only', async () => {
    fake().calls.length = 0;
    await discover();
    expect(fake().calls).toEqual(['listModels', 'listProfiles', `loadAvailability ${smallModel}`]);
  });

  it('retries a throttled part within its deadline, with all other parts published', async () => {
    fake().failing.set('loadAvailability', 'throttled');
    const outcome = await discover();
    expect(outcome).toMatchObject({
      kind: 'changed',
      failures: ['GetFoundationModelAvailability: throttled (1 of 1)'],
    });
    expect(fake().calls.filter((call) => call.startsWith('loadAvailability')).length).toBeGreaterThan(3);
    expect(outcome.durationMs).toBeLessThanOrEqual(20_000);
    expect(outcome.observations?.completeAt).toBe(outcome.observations?.at);
  });

  it('does not repeat what no repetition can heal', async () => {
    fake().failing.set('listModels', 'access_denied');
    fake().calls.length = 0;
    await discover();
    expect(fake().calls.filter((call) => call === 'listModels')).toHaveLength(1);
  });

  it('ends a call that hangs, and the run, in time', async () => {
    fake().failing.set('listProfiles', 'hang');
    const outcome = await discover();
    expect(outcome.failures).toEqual(['ListInferenceProfiles: timed_out']);
    expect(outcome.durationMs).toBeLessThanOrEqual(20_000);
  });

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

  it('keeps a note of every state that moved', async () => {
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    await discover();
    expect(await world.changes.load({ account: smallAccount, region: 'us-east-1' }, 5)).toMatchObject([
      { from: 'available', to: 'no-agreement', reasons: ['agreement-pending'] },
    ]);
  });
});
