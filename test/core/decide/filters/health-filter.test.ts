import { expect, it } from 'vitest';
import { healthFilter } from '#core/decide/filters/health-filter.ts';
import type { TargetHealth } from '#core/health/target-health.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';

const at = 1_000_000;
const kept = { pace: [], ejections: 1 };
const judged = (key: string, health: TargetHealth, requestId = 'request-1') =>
  healthFilter.judge(
    aCandidate(),
    aQuestion({ at, requestId, conditions: { ...noConditions, health: new Map([[key, health]]) } }),
  );

it('removes ejected targets and Bedrock targets of ejected regions, and lets a probe through', () => {
  const { id } = aCandidate().target;
  const region = 'region:111111111111/us-east-1';
  const sick: TargetHealth = { ...kept, kind: 'ejected', until: at + 1 };
  expect(judged(id, sick)).toBe('ejected');
  expect(judged(region, sick)).toBe('ejected');
  expect(judged('region:222222222222/us-east-1', sick)).toBeUndefined();
  expect(judged(id, { ...kept, kind: 'ejected', until: at })).toBeUndefined();
  const dedicated = { ...aCandidate(), target: aDedicatedTarget() };
  const conditions = { ...noConditions, health: new Map([[region, sick]]) };
  expect(healthFilter.judge(dedicated, aQuestion({ at, conditions }))).toBeUndefined();
});

it('lets a returning target take its share of requests, each request judged the same way twice', () => {
  const { id } = aCandidate().target;
  const half: TargetHealth = { ...kept, kind: 'returning', since: at - 5000, until: at + 5000 };
  const verdicts = Array.from({ length: 500 }, (_, index) => judged(id, half, `request-${index}`));
  const admitted = verdicts.filter((verdict) => verdict === undefined).length;
  expect(admitted).toBeGreaterThan(200);
  expect(admitted).toBeLessThan(300);
  expect(judged(id, half, 'request-3')).toBe(verdicts[3]);
});

it('removes a target for requests whose like fail there alone, and for no others', () => {
  const { id } = aCandidate().target;
  const sick: TargetHealth = { ...kept, kind: 'ejected', until: at + 1 };
  const conditions = { ...noConditions, blamed: new Map([[id, new Map([['poison', sick]])]]) };
  const judgedFor = (origin: string | undefined) =>
    healthFilter.judge(aCandidate(), aQuestion({ at, conditions, origin }));
  expect([judgedFor('poison'), judgedFor('other'), judgedFor(undefined)]).toEqual([
    'ejected',
    undefined,
    undefined,
  ]);
});
