import { describe, expect, it } from 'vitest';
import type { DecisionQuestion } from '#core/decide/decision.ts';
import { contextFilter } from '#core/decide/filters/context-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, aQuestionNeeding } from '#test/builders/a-question.ts';

const needing = aQuestionNeeding;
const limitedTo = (limits: Partial<DecisionQuestion['limits']>) =>
  aQuestion({ limits: { inputTokensCeiling: 1000, ...limits } });

describe('context', () => {
  it('removes a target whose context is surely too small', () => {
    const small = aCandidate({ contextTokensMax: 4096 });
    expect(contextFilter.judge(small, needing({ inputTokensMin: 4096 }))).toBeUndefined();
    expect(contextFilter.judge(small, needing({ inputTokensMin: 4097 }))).toBe('context-too-long');
    expect(
      contextFilter.judge(aCandidate({ contextTokensMax: null }), needing({ inputTokensMin: 4097 })),
    ).toBeUndefined();
  });

  it('after a target was too small asks larger ones only, and no unknown ones', () => {
    const question = limitedTo({ contextTokensAbove: 8192 });
    expect(contextFilter.judge(aCandidate({ contextTokensMax: 8192 }), question)).toBe('context-too-long');
    expect(contextFilter.judge(aCandidate({ contextTokensMax: null }), question)).toBe('context-too-long');
    expect(contextFilter.judge(aCandidate({ contextTokensMax: 8193 }), question)).toBeUndefined();
  });
});
