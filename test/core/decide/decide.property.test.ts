import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import type { DecisionQuestion } from '#core/decide/decision.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import { type Scope, type Target, type TargetState, targetId } from '#core/target.ts';
import profiles from '#data/profiles.json' with { type: 'json' };
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { runsOf } from '#test/builders/runs-of.ts';

const DECISIONS = runsOf(100_000);

/**
 * The oracle is written apart from the product: it reads the raw profile rows, and asks only whether every region
 * that the table or the rows name for (profile, source) is allowed.
 */
const rows = new Map(profiles.profiles.map((row) => [row.id, row]));
const sets = new Map(profiles.destinationSets.map((row) => [row.id, row.regions]));

function mayHold(policy: ResidencyPolicy, region: string): boolean {
  return policy.allowed === 'any' || (region !== '*' && policy.allowed.has(region));
}

function mayGo(policy: ResidencyPolicy, target: Target, gatewayRegion: string): boolean {
  const row = target.profileId === undefined ? undefined : rows.get(target.profileId);
  const bySource: Readonly<Record<string, string | undefined>> = row?.destinationsBySource ?? {};
  const known = sets.get(bySource[target.region] ?? '') ?? [];
  const global = row?.geo === 'global' ? ['*'] : [];
  const touched = [gatewayRegion, target.region, ...target.reach, ...known, ...global];
  return target.reach.length > 0 && touched.every((region) => mayHold(policy, region));
}

const regions = [
  'us-east-1',
  'us-west-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-2',
  'eu-west-1',
  'ap-northeast-1',
  'ap-southeast-2',
  'xx-north-9',
];
const region = fc.constantFrom(...regions);
const profileIds = [
  'us.amazon.nova-lite-v1:0',
  'eu.amazon.nova-lite-v1:0',
  'apac.amazon.nova-lite-v1:0',
  'jp.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
];
const states: readonly TargetState[] = [
  'available',
  'legacy',
  'denied',
  'unknown',
  'cold',
  'warm',
  'not-offered',
];

const target: fc.Arbitrary<Target> = fc
  .record({
    region,
    account: fc.constantFrom('111111111111', '222222222222'),
    kind: fc.constantFrom('plain', 'profile', 'dedicated'),
    profileId: fc.constantFrom(...profileIds),
    reach: fc.oneof(fc.uniqueArray(region, { maxLength: 4 }), fc.constant(['*'])),
    ownReach: fc.boolean(),
    state: fc.constantFrom(...states),
    position: fc.nat({ max: 2 }),
  })
  .map(({ kind, profileId, ownReach, reach, ...rest }) => {
    const scope: Scope =
      kind === 'dedicated'
        ? 'dedicated'
        : kind === 'plain'
          ? 'in-region'
          : profileId.startsWith('global.')
            ? 'global'
            : 'geo';
    const named = kind === 'profile' ? { profileId } : kind === 'dedicated' ? { endpoint: 'chat-small' } : {};
    const made = aTarget({ ...rest, ...named, scope, reach: ownReach ? [rest.region] : reach });
    return { ...made, id: targetId(made) };
  });

const policy: fc.Arbitrary<ResidencyPolicy> = fc.oneof(
  fc.constant({ name: 'anywhere', allowed: 'any' as const }),
  fc
    .uniqueArray(region, { minLength: 1, maxLength: 6 })
    .map((allowed) => ({ name: 'bound', allowed: new Set(allowed) })),
  fc
    .constantFrom('US', 'EU', 'JP')
    .map((code) => ({ name: code, allowed: new Set(shippedFacts.regionsOf(code)) })),
);

const at = 1_000_000;
const sick: readonly TargetHealth[] = [
  stepHealth(unknownHealth, { kind: 'failed', at, severity: 'fatal' }),
  stepHealth(unknownHealth, { kind: 'failed', at: at - 60_000, severity: 'fatal' }),
];

const question: fc.Arbitrary<DecisionQuestion> = fc
  .record({
    policy,
    gatewayRegion: region,
    targets: fc.array(target, { maxLength: 6 }),
    baseline: fc.array(target, { maxLength: 3 }),
    sickness: fc.array(fc.nat({ max: 3 }), { minLength: 9, maxLength: 9 }),
    triedCount: fc.nat({ max: 3 }),
    requestId: fc.string(),
  })
  .map(({ sickness, triedCount, ...rest }) => {
    const all = [...rest.targets, ...rest.baseline];
    const health = new Map(
      all.flatMap(({ id }, index) => {
        const state = sick[sickness[index] ?? 2];
        return state === undefined ? [] : [[id, state] as const];
      }),
    );
    const resting = new Map(
      all.flatMap(({ quotaPool }, index) => (sickness[index] === 3 ? [[quotaPool, at + 500] as const] : [])),
    );
    return aQuestion({
      ...rest,
      at,
      conditions: { health, resting, inFlight: new Map(), refused: new Map(), grammars: new Map() },
      tried: new Set(all.slice(0, triedCount).map(({ id }) => id)),
    });
  });

it('sends nothing outside the residency, whatever the route, the baseline, the health and the attempt', () => {
  let routed = 0;
  fc.assert(
    fc.property(question, (asked) => {
      const decision = decide(asked);
      const called = [...(decision.kind === 'routed' ? decision.plan : []), ...decision.wakeUps];
      for (const candidate of called) {
        if (!mayGo(asked.policy, candidate.target, asked.gatewayRegion))
          throw new Error(`${candidate.target.id} leaves ${asked.policy.name}`);
      }
      if (decision.kind === 'routed') {
        routed += 1;
        for (const { target: planned } of decision.plan)
          if (asked.tried.has(planned.id)) throw new Error(`${planned.id} was tried`);
      } else if (decision.code === 'no_lawful_target') {
        const lawful = [...asked.targets, ...asked.baseline].find(
          (each) => each.scope === 'in-region' && mayGo(asked.policy, each, asked.gatewayRegion),
        );
        if (lawful !== undefined) throw new Error(`${lawful.id} is lawful`);
      }
    }),
    { numRuns: DECISIONS, seed: 20_261_121 },
  );
  expect(routed).toBeGreaterThan(DECISIONS / 5);
}, 120_000);
