import { describe, expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import type { Decision } from '#core/decide/decision.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { anywhere, aQuestion, euPolicy, noConditions, usPolicy } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { shown } from '#test/builders/plain-decide.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const ohio = aTarget({ region: 'us-east-2' });
const frankfurt = aTarget({ region: 'eu-central-1', account: '222222222222' });
const warm = aDedicatedTarget();
const at = 1_000_000;
const ejected = stepHealth(unknownHealth, { kind: 'failed', at, severity: 'fatal' });

const planOf = (decision: Decision) =>
  decision.kind === 'routed' ? decision.plan.map(({ target }) => target.id) : decision.code;
const idsOf = (...targets: readonly { readonly id: string }[]) => targets.map(({ id }) => id);
const unhealthy = (...targets: readonly { readonly id: string }[]) => ({
  ...noConditions,
  health: new Map(targets.map(({ id }) => [id, ejected])),
});

describe('the order of a plan', () => {
  it('puts the dedicated tier first, then serverless by nearness, then the baseline', () => {
    const baseline = aTarget({ region: 'us-west-1' });
    const decision = decide(aQuestion({ targets: [west, warm, east], baseline: [baseline] }));
    expect(planOf(decision)).toEqual(idsOf(warm, east, west, baseline));
  });

  it('lets no score overrule the position of a candidate in the list of the model', () => {
    const second = aTarget({ modelId: 'amazon.nova-micro-v1:0', position: 1 });
    expect(planOf(decide(aQuestion({ targets: [second, west] })))).toEqual(idsOf(west, second));
  });

  it('is the same for any order of the input, and names each target once', () => {
    const one = decide(aQuestion({ targets: [east, west, ohio], baseline: [west, east] }));
    const other = decide(aQuestion({ targets: [ohio, west, east], baseline: [east, west] }));
    expect(shown(one)).toEqual(shown(other));
    expect(planOf(one)).toHaveLength(3);
  });

  it('spreads equals over requests, each request always the same way', () => {
    const twins = [ohio, west].map((target) => ({ ...target, region: 'us-east-2', reach: ['us-east-2'] }));
    const first = (requestId: string) => planOf(decide(aQuestion({ targets: twins, requestId })))[0];
    const chosen = Array.from({ length: 200 }, (_, index) => first(`request-${index}`));
    const share = chosen.filter((id) => id === ohio.id).length / chosen.length;
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
    expect(first('request-7')).toBe(first('request-7'));
  });

  it('puts the regions that have just failed this request behind the others', () => {
    const plan = planOf(
      decide(aQuestion({ targets: [east, west], troubledRegions: new Set(['us-east-1']) })),
    );
    expect(plan).toEqual(idsOf(west, east));
  });

  it('takes the gateway’s own account first among baselines', () => {
    const foreign = aTarget({ account: '999999999999' });
    expect(planOf(decide(aQuestion({ baseline: [foreign, west] })))).toEqual(idsOf(west, foreign));
  });
});

describe('residency', () => {
  it('removes what leaves it from the route and from the baseline alike, and says so', () => {
    const ireland = aTarget({ region: 'eu-west-1', account: '222222222222' });
    const decision = decide(aQuestion({ targets: [frankfurt, east], baseline: [ireland] }));
    expect(planOf(decision)).toEqual([east.id]);
    const removal = ({ id }: { readonly id: string }) => ({
      target: id,
      by: 'residency',
      code: 'residency-forbidden',
    });
    expect(decision.trail.removed).toEqual([removal(frankfurt), removal(ireland)]);
  });

  it('rejects with no_lawful_target when nothing lies inside, however healthy', () => {
    expect(planOf(decide(aQuestion({ targets: [frankfurt] })))).toBe('no_lawful_target');
    expect(planOf(decide(aQuestion({})))).toBe('no_lawful_target');
  });

  it('rejects everything in a gateway that stands outside', () => {
    expect(planOf(decide(aQuestion({ policy: euPolicy, targets: [frankfurt] })))).toBe('no_lawful_target');
    expect(
      planOf(decide(aQuestion({ policy: euPolicy, gatewayRegion: 'eu-west-1', targets: [frankfurt] }))),
    ).toEqual([frankfurt.id]);
  });

  it('carries the reach as judged over table and facts together', () => {
    const profile = aTarget({ profileId: 'us.amazon.nova-lite-v1:0', scope: 'geo', reach: ['us-east-1'] });
    const decision = decide(aQuestion({ targets: [profile] }));
    const verdict = decision.kind === 'routed' ? decision.plan[0].verdict : undefined;
    expect(verdict).toEqual({ lawful: true, reach: ['us-east-1', 'us-east-2', 'us-west-2'] });
  });
});

describe('health', () => {
  it('leaves ejected targets out while another is free', () => {
    const decision = decide(aQuestion({ targets: [east, west], conditions: unhealthy(east) }));
    expect(planOf(decision)).toEqual([west.id]);
    expect(decision.trail.removed).toEqual([{ target: east.id, by: 'health', code: 'ejected' }]);
  });

  it('never ejects the last lawful target: what is left is probed, best first', () => {
    const conditions = unhealthy(east, west);
    expect(planOf(decide(aQuestion({ targets: [east, west], conditions })))).toEqual([east.id, west.id]);
    const tried = new Set([east.id]);
    expect(planOf(decide(aQuestion({ targets: [east, west], conditions, tried })))).toEqual([west.id]);
  });

  it('tells once of a target of both tiers that left both for one reason', () => {
    const conditions = unhealthy(east);
    const decision = decide(
      aQuestion({ targets: [east, frankfurt, west], baseline: [east, frankfurt], conditions }),
    );
    expect(decision.trail.removed).toEqual([
      { target: east.id, by: 'health', code: 'ejected' },
      { target: frankfurt.id, by: 'residency', code: 'residency-forbidden' },
    ]);
  });

  it('does not tell that a target left which is probed as the last one, whatever its tiers', () => {
    const decision = decide(aQuestion({ targets: [east], baseline: [east], conditions: unhealthy(east) }));
    expect(planOf(decision)).toEqual([east.id]);
    expect(decision.trail.removed).toEqual([]);
  });

  it('probes no unlawful target, even as the last one', () => {
    const conditions = unhealthy(frankfurt, east);
    const tried = new Set([east.id]);
    expect(planOf(decide(aQuestion({ targets: [frankfurt, east], conditions, tried })))).toBe(
      'upstream_failed',
    );
  });

  it('ejects a whole region of Bedrock, but not the endpoints there', () => {
    const conditions = { ...noConditions, health: new Map([['region:111111111111/us-east-1', ejected]]) };
    expect(planOf(decide(aQuestion({ targets: [east, west, warm], conditions })))).toEqual(idsOf(warm, west));
  });
});

describe('the baseline', () => {
  it('stays when discovery calls the same target unusable: it comes from configuration alone', () => {
    const lost = { ...east, state: 'denied' as const };
    const decision = decide(aQuestion({ targets: [lost], baseline: [lost] }));
    expect(decision.kind === 'routed' ? decision.plan[0].tier : decision.code).toBe('baseline');
  });
});

describe('waking', () => {
  it('names cold dedicated targets that only their state keeps out', () => {
    const cold = { ...warm, state: 'cold' as const };
    const decision = decide(aQuestion({ targets: [cold, east] }));
    expect(decision.wakeUps.map(({ target }) => target.id)).toEqual([cold.id]);
  });

  it('names none outside the residency', () => {
    const cold = aDedicatedTarget({ region: 'eu-central-1', state: 'cold' });
    expect(decide(aQuestion({ targets: [cold, east] })).wakeUps).toEqual([]);
  });
});

it('sends a global profile only where the policy has no bound', () => {
  const global = aTarget({
    profileId: 'global.amazon.nova-lite-v1:0',
    scope: 'global',
    reach: ['us-east-1'],
  });
  expect(planOf(decide(aQuestion({ policy: usPolicy, targets: [global] })))).toBe('no_lawful_target');
  expect(planOf(decide(aQuestion({ policy: anywhere, targets: [global] })))).toEqual([global.id]);
});
