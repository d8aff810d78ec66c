import { describe, expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import type { Decision } from '#core/decide/decision.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const at = 1_000_000;
const planOf = (decision: Decision) =>
  decision.kind === 'routed' ? decision.plan.map(({ target }) => target.id) : decision.code;

describe('a rejection', () => {
  it('is no_lawful_target for an empty route, but upstream_failed when plan knows lawful targets that cannot serve', () => {
    expect(planOf(decide(aQuestion()))).toBe('no_lawful_target');
    expect(planOf(decide(aQuestion({ lawfulButUnusable: true })))).toBe('upstream_failed');
  });

  const limits = { inputTokensCeiling: 1000 };
  it.each([
    [
      'all targets rest',
      { conditions: { ...noConditions, resting: new Map([[east.quotaPool, at + 700]]) } },
      'capacity_exhausted',
    ],
    ['no target has the modality', { needs: { ...aQuestion().needs, input: ['VIDEO'] } }, 'invalid_request'],
    [
      'the prompt fits nowhere',
      { needs: { ...aQuestion().needs, inputTokensMin: 400_000 } },
      'invalid_request',
    ],
    ['every answer may cost too much', { limits: { ...limits, costMicroUsdMax: 1 } }, 'budget_exhausted'],
    ['the time is over', { limits: { ...limits, remainingMs: 0 } }, 'deadline_exceeded'],
    ['the tenant may not use the scope', { tenantScopes: ['dedicated' as const] }, 'model_not_allowed'],
    [
      'the provider would keep the prompt',
      { retentionForbidden: new Set([east.modelId]) },
      'model_not_allowed',
    ],
    ['an operator switched it off', { disabled: new Set([east.id]) }, 'upstream_failed'],
    ['all were tried', { tried: new Set([east.id]) }, 'upstream_failed'],
  ])('when %s', (_, changes, code) => {
    expect(planOf(decide(aQuestion({ targets: [east], ...changes })))).toBe(code);
  });

  it('says when the first pool may be asked again', () => {
    const resting = new Map([
      [east.quotaPool, at + 9000],
      [west.quotaPool, at + 700],
    ]);
    const decision = decide(aQuestion({ targets: [east, west], conditions: { ...noConditions, resting } }));
    expect(decision).toMatchObject({ kind: 'rejected', code: 'capacity_exhausted', retryAt: at + 700 });
  });

  it('is a failure and no capacity problem when one target failed and the other rests', () => {
    const resting = new Map([[east.quotaPool, at + 9000]]);
    const question = aQuestion({
      targets: [east, west],
      conditions: { ...noConditions, resting },
      tried: new Set([west.id]),
    });
    expect(planOf(decide(question))).toBe('upstream_failed');
  });
});
