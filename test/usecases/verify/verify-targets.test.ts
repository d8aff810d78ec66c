import { beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { openSmallWorld, smallId } from '#test/builders/small-world.ts';
import type { TargetProber } from '#usecases/ports/target-prober.ts';
import { verifyTargets } from '#usecases/verify/verify-targets.ts';

let world: ControlWorld;
let calls: string[];
let refusing: Map<string, UpstreamSignal | 'hang'>;

beforeEach(async () => {
  world = await openSmallWorld();
  calls = [];
  refusing = new Map();
});

const prober: TargetProber = {
  probe: async (target) => {
    calls.push(target.id);
    const refusal = refusing.get(target.id);
    if (refusal === 'hang') return new Promise(() => undefined);
    return refusal === undefined ? { answered: true } : { answered: false, signal: refusal };
  },
};
const answer = (errorName: string, httpStatus: number): UpstreamSignal => ({
  service: 'bedrock-runtime',
  kind: 'answer',
  phase: 'before',
  errorName,
  httpStatus,
  message: 'no',
});
const verify = () => verifyTargets({ ...world.dependencies, prober }, world.setting);
const outcomeOf = async (region: string) =>
  (await world.dependencies.verifications.loadAll()).find((each) => each.target === smallId(region))?.outcome;

describe('verify', () => {
  it('proves every routed target once, and again only when it is time', async () => {
    await verify();
    expect(new Set(calls).size).toBe(4);
    expect(calls).toHaveLength(4);
    await verify();
    expect(calls).toHaveLength(4);
    world.clock.advance(15 * 60_000);
    await world.discoverAll();
    await verify();
    expect(calls).toHaveLength(8);
    world.clock.advance(60 * 60_000);
    await world.discoverAll();
    await verify();
    expect(calls).toHaveLength(8);
  });

  it('demotes a target that refuses, and gives it back when it answers', async () => {
    refusing.set(smallId('us-west-2'), answer('AccessDeniedException', 403));
    await verify();
    await world.plan();
    expect(await world.targetIds('chat', 'us')).not.toContain(smallId('us-west-2'));
    refusing.clear();
    world.clock.advance(15 * 60_000);
    await world.discoverAll();
    await verify();
    await world.plan();
    expect(await world.targetIds('chat', 'us')).toContain(smallId('us-west-2'));
  });

  it.each([
    ['a throttle', answer('ThrottlingException', 429)],
    ['an outage', answer('ServiceUnavailableException', 503)],
    ['a hang', 'hang' as const],
  ])('concludes nothing from %s', async (_name, refusal) => {
    refusing.set(smallId('us-west-2'), refusal);
    await verify();
    expect(await outcomeOf('us-west-2')).toBe('inconclusive');
    await world.plan();
    expect(await world.targetIds('chat', 'us')).toContain(smallId('us-west-2'));
  });

  it('spends no more than the day’s cap, and writes it down before it spends', async () => {
    const setting = { ...world.setting, verify: { enabled: true, costMicroUsdPerDayMax: 2 } };
    const run = () => verifyTargets({ ...world.dependencies, prober }, setting);
    expect((await run()).spentMicroUsd).toBeLessThanOrEqual(2);
    const proved = calls.length;
    expect(proved).toBeLessThan(4);
    world.clock.advance(60_000);
    await run();
    expect(calls).toHaveLength(proved);
    world.clock.advance(86_400_000);
    await world.discoverAll();
    await run();
    expect(calls.length).toBeGreaterThan(proved);
  });

  it('does nothing where it is switched off', async () => {
    const setting = { ...world.setting, verify: { enabled: false, costMicroUsdPerDayMax: 1_000_000 } };
    expect(await verifyTargets({ ...world.dependencies, prober }, setting)).toEqual({
      proved: [],
      spentMicroUsd: 0,
    });
    expect(calls).toEqual([]);
  });
});
