import { describe, expect, it } from 'vitest';
import type { DecisionQuestion } from '#core/decide/decision.ts';
import { budgetFilter } from '#core/decide/filters/budget-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

const limitedTo = (limits: Partial<DecisionQuestion['limits']>) =>
  aQuestion({ limits: { inputTokensCeiling: 1000, ...limits } });

describe('budget', () => {
  it('removes what may cost more than the cap, to the last pico-USD, and every unknown price', () => {
    // 1000 tokens in at 60,000 and 1000 out at 240,000 micro-USD a million: 300 micro-USD.
    expect(budgetFilter.judge(aCandidate(), limitedTo({ costMicroUsdMax: 300 }))).toBeUndefined();
    expect(budgetFilter.judge(aCandidate(), limitedTo({ costMicroUsdMax: 299 }))).toBe('budget-exhausted');
    expect(budgetFilter.judge(aCandidate({ pricing: null }), limitedTo({ costMicroUsdMax: 299 }))).toBe(
      'price-unknown',
    );
    expect(budgetFilter.judge(aCandidate({ pricing: null }), limitedTo({}))).toBeUndefined();
  });
});

it('does not know what a tier or a latency of its own costs, and asks for it only under a cap', () => {
  const { needs } = aQuestion();
  if (needs.work === 'embedding') throw new Error('no chat');
  const question = limitedTo({ costMicroUsdMax: 300 });
  const dearer = { ...needs, pricedOtherwise: true };
  expect(budgetFilter.judge(aCandidate(), { ...question, needs: dearer })).toBe('price-unknown');
  expect(budgetFilter.judge(aCandidate(), { ...limitedTo({}), needs: dearer })).toBeUndefined();
});
