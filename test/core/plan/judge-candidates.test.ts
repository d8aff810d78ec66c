import { describe, expect, it } from 'vitest';
import { targetStates } from '#contract/route-item.ts';
import { judgeCandidates } from '#core/plan/judge-candidates.ts';
import {
  observedIn,
  planAccount,
  plannedModel,
  planQuestion,
  type QuestionChanges,
} from '#test/builders/plan-question.ts';
import { plainObservation } from '#test/builders/routes.ts';

const judge = (changes: QuestionChanges = {}) => judgeCandidates(planQuestion(changes))[0];
const dedicated = {
  account: planAccount,
  region: 'us-east-1',
  endpoint: 'gpu',
  capabilities: {},
  copies: 2,
  concurrencyPerCopy: 4,
};

describe('a candidate', () => {
  it.each(targetStates)('in state %s is routable, unknown, or unusable with or without evidence', (state) => {
    const expected: Readonly<Record<string, string>> = {
      available: 'routable',
      legacy: 'routable',
      warm: 'routable',
      warming: 'routable',
      cold: 'routable',
      unknown: 'unknown',
      'not-authorized': 'unusable, evidence, offered',
      'not-entitled': 'unusable, evidence, offered',
      'no-agreement': 'unusable, evidence, offered',
      'quota-zero': 'unusable, evidence, offered',
      'profile-only': 'unusable',
      'not-offered': 'unusable',
      denied: 'unusable, offered',
    };
    const judged = judge({ observed: [plainObservation('us-east-1', { state })] });
    const words =
      judged?.kind === 'unusable'
        ? ['unusable', ...(judged.evidence ? ['evidence'] : []), ...(judged.offered ? ['offered'] : [])]
        : [judged?.kind];
    expect(words.join(', ')).toBe(expected[state]);
  });

  it('that is gone with evidence says so', () => {
    const observed = [
      plainObservation('us-east-1', {
        state: 'not-offered',
        goneEvidence: 'three-lists',
        reasons: ['three-lists'],
      }),
    ];
    expect(judge({ observed })).toMatchObject({
      kind: 'unusable',
      evidence: true,
      why: 'not-offered: three-lists',
    });
  });

  it('is unlawful before it is anything else', () => {
    const observed = [plainObservation('eu-central-1', { state: 'unknown' })];
    expect(judge({ observed })).toMatchObject({ kind: 'unlawful', why: 'reach-outside (eu-central-1)' });
  });

  it('that was denied is unusable with evidence, however fresh the report', () => {
    const [observation] = observedIn('us-east-1');
    const id = observation?.id ?? '';
    const denied = new Map([[id, { target: id, at: 1, why: 'AccessDeniedException' }]]);
    expect(judge({ observed: observedIn('us-east-1'), denied })).toMatchObject({
      kind: 'unusable',
      evidence: true,
    });
  });

  it('that is dedicated stands by its own account, whoever else owns the region', () => {
    const observed = [
      plainObservation('us-east-1', {
        id: `${planAccount}/us-east-1/gpu`,
        kind: 'sagemaker',
        scope: 'dedicated',
        modelId: 'gpu',
        endpoint: 'gpu',
        state: 'warm',
        copies: 3,
      }),
    ];
    const accounts = [{ id: '222222222222', regions: ['us-east-1'] }];
    const model = plannedModel({ candidates: [], dedicated: [dedicated] });
    expect(judge({ observed, accounts, model })).toMatchObject({
      kind: 'routable',
      target: { scope: 'dedicated', share: { 'us-east-1': 6, 'us-west-2': 6 } },
    });
  });

  it('that nobody has seen is unknown', () => {
    expect(judge({ observed: [], model: plannedModel({ candidates: [], dedicated: [dedicated] }) })).toEqual({
      kind: 'unknown',
      id: `${planAccount}/us-east-1/gpu`,
    });
  });
});
