import { describe, expect, it } from 'vitest';
import { planRoute } from '#core/plan/plan-route.ts';
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

describe('a route that is kept', () => {
  const previous = standing();

  it('publishes the present state of what stands under a hold, and neither adds, removes nor reorders', () => {
    const now = [
      plainObservation('us-east-1', { state: 'legacy', lifecycle: 'LEGACY', endOfLifeTime: '2027-01-01' }),
      plainObservation('us-east-2', { state: 'no-agreement' }),
      ...observedIn('us-west-1', 'us-west-2'),
    ];
    const run = plan({ previous, observed: now, hold });
    expect(run).toMatchObject({ kind: 'held', added: [idIn('us-west-1')] });
    expect(idsOf(run)).toEqual(idsOf(plan({ observed: observedIn(...three) })));
    expect(run.draft?.targets.map(({ state, endOfLifeTime }) => [state, endOfLifeTime])).toEqual([
      ['legacy', '2027-01-01'],
      ['available', undefined],
      ['available', undefined],
    ]);
    expect(run.draft?.reason).toBe(
      `refreshed what is known of ${idIn('us-east-1')}; the rest held by ada until ${hold.until}: incident`,
    );
    expect(plan({ previous: published(run, previous), observed: now, hold }).draft).toBeUndefined();
  });

  it('lets an endpoint become warm under a hold', () => {
    const gpu = { account: planAccount, region: 'us-east-1', endpoint: 'gpu', capabilities: {} };
    const model = plannedModel({ dedicated: [{ ...gpu, copies: 2, concurrencyPerCopy: 4 }] });
    const observed = (state: 'warming' | 'warm', copies: number) => [
      plainObservation('us-east-1', {
        id: `${planAccount}/us-east-1/gpu`,
        kind: 'sagemaker',
        scope: 'dedicated',
        state,
        copies,
      }),
      ...observedIn('us-west-2'),
    ];
    const before = standing({ model, observed: observed('warming', 1) });
    const run = plan({ model, previous: before, observed: observed('warm', 2), hold });
    expect(before.targets[0]).toMatchObject({ state: 'warming', share: { 'us-east-1': 2 } });
    expect(run.draft?.targets[0]).toMatchObject({ state: 'warm', share: { 'us-east-1': 4 } });
  });

  it('refreshes nothing under a hold on the word of a report that is too old', () => {
    const observed = [plainObservation('us-east-1', { state: 'legacy' }), ...observedIn('us-west-1')];
    const model = plannedModel({ candidates: [{ id: lite }, { id: 'another.model' }] });
    const run = plan({ previous, observed, model, hold, reportedAt: planAt - 900_001 });
    expect(run.draft).toBeUndefined();
  });

  it('refreshes nothing where the guard refuses the change', () => {
    const observed = [
      plainObservation('us-east-1', { state: 'legacy' }),
      plainObservation('us-east-2', { state: 'profile-only' }),
      plainObservation('us-west-2', { state: 'profile-only' }),
    ];
    expect(plan({ previous, observed })).toMatchObject({ kind: 'refused', draft: undefined });
  });

  it('removes what residency forbids through a hold and through a refusal, and nothing else', () => {
    const loose = standing({ policy: policies.anywhere, observed: observedIn(...three, 'eu-central-1') });
    const before = { ...loose, residency: 'us', version: 4 };
    const observed = three.map((region) => plainObservation(region, { state: 'profile-only' }));
    for (const changes of [{ hold }, {}]) {
      const run = plan({ previous: before, observed, ...changes });
      expect(run.kind).toBe('hold' in changes ? 'held' : 'refused');
      expect(idsOf(run)).toEqual(three.map(idIn));
      expect(run.draft?.reason).toContain('removed what residency us forbids');
    }
  });
});
