import { describe, expect, it } from 'vitest';
import { judgedNow, refreshTarget } from '#core/plan/refresh-target.ts';
import { observedIn, planAccount, plannedModel, planQuestion } from '#test/builders/plan-question.ts';
import { plainObservation, plainTarget } from '#test/builders/routes.ts';

const gpu = {
  account: planAccount,
  region: 'us-east-1',
  endpoint: 'gpu',
  capabilities: {},
  copies: 2,
  concurrencyPerCopy: 4,
};

describe('refreshing a target', () => {
  it('takes what changes of a target, and leaves what it is and where it stands', () => {
    const old = plainTarget('us-east-1', { position: 3, state: 'warming', endOfLifeTime: '2027-01-01' });
    const known = plainTarget('us-east-1', {
      position: 0,
      state: 'warm',
      lifecycle: 'LEGACY',
      share: { 'us-east-1': 8 },
      copies: 2,
      kvTokens: { 'us-east-1': 9_600 },
      kvTokensPerRequest: 128,
      quotaTokensPerMinute: 200_000,
      reach: ['us-east-1', 'us-west-2'],
      capabilities: { tools: true },
      pricing: null,
    });
    expect(refreshTarget(old, known)).toEqual({ ...known, position: 3 });
    expect(refreshTarget(old, known)).not.toHaveProperty('endOfLifeTime');
  });

  it('changes nothing where nothing changed', () => {
    const target = plainTarget('us-east-1', { share: { 'us-east-1': 1 }, endOfLifeTime: '2027-01-01' });
    expect(refreshTarget(target, target)).toEqual(target);
  });
});

describe('what is known now', () => {
  it('is of an endpoint its warmth and its share, and of unlawful reach its id', () => {
    const warm = plainObservation('us-east-1', {
      id: `${planAccount}/us-east-1/gpu`,
      kind: 'sagemaker',
      scope: 'dedicated',
      state: 'warm',
      copies: 1,
    });
    const abroad = observedIn('eu-central-1');
    const question = planQuestion({
      model: plannedModel({ dedicated: [gpu] }),
      observed: [warm, ...abroad, plainObservation('us-west-2', { state: 'no-agreement' })],
    });
    const { routable, unlawful } = judgedNow(question);
    expect([...routable.keys()]).toEqual([warm.id]);
    expect(routable.get(warm.id)).toMatchObject({ state: 'warm', share: { 'us-east-1': 2, 'us-west-2': 2 } });
    expect([...unlawful]).toEqual(abroad.map((each) => each.id));
  });
});
