import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import type { Decision, DecisionQuestion } from '#core/decide/decision.ts';
import { affinityScorer } from '#core/decide/scorers/affinity-scorer.ts';
import { latencyScorer } from '#core/decide/scorers/latency-scorer.ts';
import { lifecycleScorer } from '#core/decide/scorers/lifecycle-scorer.ts';
import { priceScorer } from '#core/decide/scorers/price-scorer.ts';
import { proximityScorer } from '#core/decide/scorers/proximity-scorer.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { targetId } from '#core/target.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { anywhere, aQuestion, noConditions, usPolicy } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const planOf = (decision: Decision) => (decision.kind === 'routed' ? decision.plan : []);
const firstOf = (changes: Partial<DecisionQuestion>) =>
  planOf(decide(aQuestion({ targets: [east, west], ...changes })))[0]?.target.id;

describe('affinity', () => {
  it('goes before nearness, and says nothing where none is known', () => {
    expect(firstOf({})).toBe(east.id);
    expect(firstOf({ lastServedBy: west.id })).toBe(west.id);
    const weaker = [proximityScorer, latencyScorer, priceScorer, lifecycleScorer];
    expect(affinityScorer.weight).toBeGreaterThan(weaker.reduce((sum, { weight }) => sum + weight, 0));
  });

  it('holds what would be spread over equals, and spreads the rest', () => {
    const equals = ['us-east-2', 'us-west-1', 'us-west-2'].map((region) => aTarget({ region }));
    const firsts = (lastServedBy?: string) =>
      Array.from({ length: 60 }, (_, index) =>
        firstOf({ targets: equals, lastServedBy, requestId: `request-${index}` }),
      );
    expect(new Set(firsts()).size).toBe(3);
    expect(new Set(firsts(west.id))).toEqual(new Set([west.id]));
  });

  it('does not hold a call in a region that has just failed it, nor at a target that rests', () => {
    expect(firstOf({ lastServedBy: west.id, troubledRegions: new Set(['us-west-2']) })).toBe(east.id);
    const resting = new Map([[west.quotaPool, 1_000_500]]);
    expect(firstOf({ lastServedBy: west.id, conditions: { ...noConditions, resting } })).toBe(east.id);
    expect(firstOf({ lastServedBy: west.id, disabled: new Set([west.id]) })).toBe(east.id);
  });

  it('says nothing of global profiles and of baselines', () => {
    const { target, ...candidate } = aCandidate();
    const score = (changes: object) =>
      affinityScorer.scoreBps(
        { target: { ...target, ...changes }, ...candidate },
        aQuestion({ lastServedBy: target.id }),
        undefined,
      );
    expect([score({}), score({ scope: 'geo' }), score({ scope: 'global' })]).toEqual([10_000, 10_000, 0]);
    const baseline = aCandidate({}, 'baseline');
    expect(affinityScorer.scoreBps(baseline, aQuestion({ lastServedBy: target.id }), undefined)).toBe(0);
  });
});

const regions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-central-1'];
const target = fc
  .record({
    region: fc.constantFrom(...regions),
    account: fc.constantFrom('111111111111', '222222222222'),
    position: fc.nat({ max: 1 }),
    scope: fc.constantFrom(
      'in-region' as const,
      'in-region' as const,
      'dedicated' as const,
      'global' as const,
    ),
    state: fc.constantFrom('available' as const, 'available' as const, 'legacy' as const, 'denied' as const),
  })
  .map((made) => {
    const named =
      made.scope === 'dedicated'
        ? { endpoint: 'chat-small' }
        : made.scope === 'global'
          ? { profileId: 'global.amazon.nova-lite-v1:0', reach: ['*'] }
          : {};
    const whole = aTarget({ ...made, ...named });
    return { ...whole, id: targetId(whole) };
  });
/** One in three targets has something that may keep it away. */
const ills = [...Array(8).fill('well'), 'ejected', 'resting', 'disabled', 'tried'] as const;
const question = fc
  .record({
    policy: fc.constantFrom(usPolicy, anywhere),
    targets: fc.uniqueArray(target, { minLength: 3, maxLength: 7, selector: ({ id }) => id }),
    baseline: fc.uniqueArray(target, { maxLength: 3, selector: ({ id }) => id }),
    condition: fc.array(fc.constantFrom(...ills), {
      minLength: 10,
      maxLength: 10,
    }),
    served: fc.nat({ max: 6 }),
    requestId: fc.string(),
  })
  .map(({ condition, served, ...rest }) => {
    const all = [...rest.targets, ...rest.baseline];
    const at = 1_000_000;
    const ids = (wanted: string) => all.filter((_, index) => condition[index] === wanted);
    const broken = stepHealth(unknownHealth, { kind: 'failed', at, severity: 'fatal' });
    const asked = aQuestion({
      ...rest,
      at,
      conditions: {
        ...noConditions,
        health: new Map(ids('ejected').map(({ id }) => [id, broken])),
        resting: new Map(ids('resting').map(({ quotaPool }) => [quotaPool, at + 500])),
      },
      disabled: new Set(ids('disabled').map(({ id }) => id)),
      tried: new Set(ids('tried').map(({ id }) => id)),
    });
    return { asked, lastServedBy: all[served]?.id };
  });

it('changes who comes first among equals in tier and position, and never who may come: 5,000 decisions', () => {
  let moved = 0;
  fc.assert(
    fc.property(question, ({ asked, lastServedBy }) => {
      const without = decide(asked);
      const held = decide({ ...asked, lastServedBy });
      const [before, after] = [planOf(without), planOf(held)];
      const sorted = (plan: typeof before) => plan.map(({ target: { id } }) => id).sort();
      expect(sorted(after)).toEqual(sorted(before));
      expect([held.kind, held.trail.removed]).toEqual([without.kind, without.trail.removed]);
      const ranks = (plan: typeof before) => plan.map(({ tier, target: { position } }) => [tier, position]);
      expect(ranks(after)).toEqual(ranks(before));
      // Beside the one that is held, all keep their order.
      const others = (plan: typeof before) =>
        plan.map(({ target: { id } }) => id).filter((id) => id !== lastServedBy);
      expect(others(after)).toEqual(others(before));
      if (after.some(({ target: { id } }, index) => id !== before[index]?.target.id)) moved += 1;
    }),
    { numRuns: 5000, seed: 20_261_121 },
  );
  expect(moved).toBeGreaterThan(100);
}, 60_000);
