import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRoute } from '#core/plan/plan-route.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import {
  hold,
  idIn,
  idsOf,
  lite,
  observedIn,
  planAccount,
  planAt,
  plannedModel,
  planQuestion,
  policies,
  published,
  type QuestionChanges,
  standing,
  three,
} from '#test/builders/plan-question.ts';
import { plainObservation } from '#test/builders/routes.ts';

const plan = (changes: QuestionChanges = {}) => planRoute(planQuestion(changes));

describe('a first plan', () => {
  it('counts its targets in its reason', () => {
    expect(plan().why).toBe('first route: 3 targets');
    expect(plan({ observed: observedIn('us-east-1') }).why).toBe('first route: 1 target');
  });
});

describe('a later plan', () => {
  const previous = standing();

  it('changes nothing when nothing changed', () => {
    expect(plan({ previous }).kind).toBe('unchanged');
  });

  it('removes with evidence, however much', () => {
    const observed = three.map((region) =>
      plainObservation(region, { state: 'not-offered', goneEvidence: 'availability-not-available' }),
    );
    expect(plan({ previous, observed })).toMatchObject({ kind: 'publish', draft: { targets: [] } });
  });

  it('keeps what is unknown, stale or not reported at all', () => {
    const observed = [
      plainObservation('us-east-1', { state: 'unknown', stale: true }),
      plainObservation('us-east-2', { stale: true, reasons: ['list-failed'] }),
    ];
    const accounts = [{ id: planAccount, regions: three }];
    expect(plan({ previous, observed, accounts }).kind).toBe('unchanged');
  });

  it('neither adds nor removes on the word of a report that is too old', () => {
    const observed = [
      ...observedIn('us-west-1'),
      plainObservation('us-east-1', { state: 'not-offered', goneEvidence: 'operator' }),
    ];
    const accounts = [{ id: planAccount, regions: [...three, 'us-west-1'] }];
    const run = plan({ previous, observed, accounts, reportedAt: planAt - 900_001 });
    expect(run.kind).toBe('unchanged');
  });

  it('refuses any change when no report is young enough', () => {
    const model = plannedModel({ candidates: [{ id: 'another.model' }] });
    const run = plan({ previous, model, reportedAt: planAt - 900_001 });
    expect(run).toMatchObject({ kind: 'refused', refusal: { code: 'data-too-old' }, draft: undefined });
  });

  it('removes what the configuration no longer asks for', () => {
    const accounts = [{ id: planAccount, regions: ['us-east-1', 'us-east-2'] }];
    const run = plan({ previous, accounts });
    expect(idsOf(run)).toEqual([idIn('us-east-1'), idIn('us-east-2')]);
    expect(run.removed).toEqual([
      { target: idIn('us-west-2'), why: 'not-configured', evidence: true, residency: false },
    ]);
  });

  it('refuses to lose every target, or too many, without evidence', () => {
    const gone = (count: number) =>
      three.map((region, index) => plainObservation(region, index < count ? { state: 'profile-only' } : {}));
    expect(plan({ previous, observed: gone(3) })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'would-empty' },
    });
    expect(plan({ previous, observed: gone(1) })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'vanish-share' },
    });
    expect(plan({ previous, observed: gone(1), limits: { vanishShareMax: 0.34 } }).kind).toBe('publish');
    expect(plan({ previous, observed: gone(3), force: true }).kind).toBe('publish');
  });

  it('shows and does not publish under a hold, unless forced', () => {
    const observed = observedIn(...three, 'us-west-1');
    expect(plan({ previous, observed, hold })).toMatchObject({
      kind: 'held',
      added: [idIn('us-west-1')],
      draft: undefined,
    });
    expect(plan({ previous, observed, hold, force: true }).kind).toBe('publish');
  });

  it('removes a profile whose reach now leaves the residency, even when forced', () => {
    const profile = (reach: readonly string[]) =>
      plainObservation('us-east-1', { profileId: `us.${lite}`, scope: 'geo', reach });
    const before = standing({ observed: [...observedIn(...three), profile(['us-east-1', 'us-west-2'])] });
    const after = [...observedIn(...three), profile(['us-east-1', 'ca-central-1'])];
    expect(idsOf(plan({ previous: before, observed: after, force: true }))).toEqual(three.map(idIn));
  });
});

describe('every plan', () => {
  const regions = [
    ...three,
    'us-west-1',
    'ca-central-1',
    'eu-central-1',
    'eu-west-2',
    'ap-northeast-1',
    'xx-north-9',
  ];
  const observation = fc.record({
    region: fc.constantFrom(...regions),
    reach: fc.uniqueArray(fc.constantFrom(...regions, '*'), { maxLength: 4 }),
    state: fc.constantFrom('available', 'legacy', 'unknown', 'no-agreement', 'not-offered', 'profile-only'),
    profile: fc.constantFrom(undefined, `us.${lite}`, `eu.${lite}`, `global.${lite}`, 'odd'),
    stale: fc.boolean(),
  } as const);

  it('holds lawful targets only, whatever was published, observed, held or forced', () => {
    const observations = fc.array(observation, { minLength: 1, maxLength: 12 }).map((rows) =>
      rows.map(({ region, reach, state, profile, stale }) =>
        plainObservation(region, {
          state,
          stale,
          reach,
          ...(profile === undefined
            ? {}
            : { profileId: profile, scope: reach.includes('*') ? 'global' : 'geo' }),
        }),
      ),
    );
    const policy = fc.constantFrom(policies.us, policies.eu, policies.anywhere);
    fc.assert(
      fc.property(
        observations,
        observations,
        policy,
        fc.boolean(),
        fc.boolean(),
        (first, second, now, force, held) => {
          const before = published(plan({ observed: first, policy: policies.anywhere }));
          const run = plan({
            observed: second,
            policy: now,
            previous: { ...before, residency: now.name },
            force,
            hold: held ? hold : undefined,
          });
          const kept = run.kind === 'unchanged' ? before : run.draft;
          const targets = kept?.targets ?? before.targets;
          return targets.every((target) => judgeReach({ policy: now, target, facts: shippedFacts }).lawful);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is a pure function: asked again, it answers the same', () => {
    expect(plan({ observed: observedIn(...three) })).toEqual(
      plan({ observed: observedIn(...[...three].reverse()) }),
    );
  });
});
