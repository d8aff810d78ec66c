import { describe, expect, it } from 'vitest';
import { TARGETS_MAX, wantedRoute } from '#core/plan/wanted-route.ts';
import { emptyFacts } from '#test/builders/facts.ts';
import {
  idIn,
  lite,
  observedIn,
  planAccount,
  plannedModel,
  planQuestion,
  policies,
  type QuestionChanges,
  standing,
  three,
} from '#test/builders/plan-question.ts';
import { plainObservation, plainTarget } from '#test/builders/routes.ts';

const wanted = (changes: QuestionChanges = {}) => wantedRoute(planQuestion(changes));
const idsOf = (changes: QuestionChanges = {}) => wanted(changes).draft.targets.map(({ id }) => id);

describe('the route that observations ask for', () => {
  it('routes every lawful usable target, and only those', () => {
    const observed = [
      ...observedIn(...three, 'eu-central-1'),
      plainObservation('us-west-2', {
        profileId: `us.${lite}`,
        scope: 'geo',
        reach: ['us-east-1', 'us-west-2'],
      }),
      plainObservation('us-west-2', { profileId: `global.${lite}`, scope: 'global', reach: ['*'] }),
      plainObservation('us-east-1', { profileId: `us.x.${lite}`, scope: 'geo', reach: [] }),
      plainObservation('us-east-1', { modelId: 'not.a-candidate' }),
    ];
    expect(idsOf({ observed })).toEqual([...three.map(idIn), `${planAccount}/us-west-2/us.${lite}`]);
  });

  it('routes what the facts do not know', () => {
    const observed = [plainObservation('us-east-1', { modelId: 'new.model' })];
    const model = plannedModel({ candidates: [{ id: 'new.model' }] });
    expect(idsOf({ observed, model })).toEqual([`${planAccount}/us-east-1/new.model`]);
  });

  it('has its order whoever shares the targets', () => {
    const gpus = ['us-west-2', 'us-east-1'].map((region) => ({
      account: planAccount,
      region,
      endpoint: 'gpu',
      capabilities: {},
      copies: 1,
      concurrencyPerCopy: 8,
    }));
    const observed = [
      ...observedIn(...three),
      ...gpus.map(({ region }) =>
        plainObservation(region, {
          id: `${planAccount}/${region}/gpu`,
          kind: 'sagemaker',
          scope: 'dedicated',
          endpoint: 'gpu',
          state: 'warm',
        }),
      ),
    ];
    const orderOf = (gateways: readonly string[], shares?: Readonly<Record<string, number>>) => {
      const sharing = { gateways, policies: [policies.us], remoteShare: 0 };
      const model = plannedModel({ dedicated: gpus.map((gpu) => ({ ...gpu, shares })) });
      return idsOf({ observed, model, sharing });
    };
    const order = orderOf(['us-east-1']);
    expect(order).toHaveLength(5);
    expect(orderOf([])).toEqual(order);
    expect(orderOf(['eu-west-1', 'us-west-2'], { 'us-west-2': 0.2 })).toEqual(order);
  });

  it('gives the same targets without compiled facts, where the residency names its regions', () => {
    const policy = { name: 'us', allowed: new Set(three) };
    expect(idsOf({ policy, facts: emptyFacts }).toSorted()).toEqual(idsOf({ policy }).toSorted());
  });

  it('leaves out what another account of the region serves, unless that account carries traffic too', () => {
    const observed = [
      ...observedIn('us-east-1'),
      plainObservation('us-east-1', { id: `222222222222/us-east-1/${lite}`, account: '222222222222' }),
    ];
    const accounts = (traffic: boolean) => [
      { id: planAccount, regions: ['us-east-1'] },
      { id: '222222222222', regions: ['us-east-1'], traffic },
    ];
    expect(idsOf({ observed, accounts: accounts(false) })).toEqual([idIn('us-east-1')]);
    expect(idsOf({ observed, accounts: accounts(true) })).toHaveLength(2);
  });

  it('holds at most 128 targets and counts the rest', () => {
    const observed = Array.from({ length: 140 }, (_, index) =>
      plainObservation('us-east-1', {
        profileId: `us.${index}.${lite}`,
        scope: 'geo',
        reach: ['us-east-1', 'us-west-2'],
      }),
    );
    const { draft } = wanted({ observed });
    expect(draft.targets).toHaveLength(TARGETS_MAX);
    expect(draft.dropped).toBe(12);
  });

  it('says whether an empty route has lawful targets that cannot be used now', () => {
    const draft = (state: 'no-agreement' | 'profile-only' | 'not-offered') =>
      wanted({ observed: [plainObservation('us-east-1', { state })] }).draft;
    expect(draft('no-agreement')).toMatchObject({ targets: [], unusable: true });
    expect(draft('profile-only').unusable).toBeUndefined();
    expect(draft('not-offered').unusable).toBeUndefined();
  });

  it('attaches the baseline, and never an unlawful one', () => {
    const baseline = [plainTarget('us-east-1'), plainTarget('eu-central-1')];
    expect(wanted({ baseline }).draft.baseline.map((target) => target.region)).toEqual(['us-east-1']);
  });

  it('says which published targets it would remove, and on what evidence', () => {
    const observed = [
      plainObservation('us-east-1', { state: 'not-offered', goneEvidence: 'operator' }),
      plainObservation('us-east-2', { state: 'profile-only' }),
      plainObservation('us-west-2'),
    ];
    const loose = standing({ policy: policies.anywhere, observed: observedIn(...three, 'eu-central-1') });
    const accounts = [{ id: planAccount, regions: [...three, 'eu-central-1'] }];
    expect(wanted({ previous: loose, observed, accounts }).removed).toMatchObject([
      { target: idIn('us-east-1'), evidence: true, residency: false },
      { target: idIn('us-east-2'), evidence: false, residency: false },
      { target: idIn('eu-central-1'), evidence: true, residency: true },
    ]);
  });
});
