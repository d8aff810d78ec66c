import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { discoverAgain, openSmallWorld, smallAccount, smallModel } from '#test/builders/small-world.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const discover = () => discoverAgain(world);
const fake = () => world.region(smallAccount, 'us-east-1');

describe('what a run asks AWS', () => {
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

  it('lets lists that hang have none of the time of the checks', async () => {
    fake().failing.set('listModels', 'hang');
    fake().calls.length = 0;
    await discover();
    expect(fake().calls).toContain(`loadAvailability ${smallModel}`);
  });
});
