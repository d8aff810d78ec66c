import { describe, expect, it } from 'vitest';
import { deadlineFilter } from '#core/decide/filters/deadline-filter.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

describe('deadline', () => {
  const at = 100_000;
  const health = (pace: readonly number[], lastSuccessAt: number) => ({
    ...noConditions,
    health: new Map([[aTarget().id, { ...unknownHealth, pace, lastSuccessAt }]]),
  });
  const question = (pace: readonly number[], remainingMs: number, lastSuccessAt = at - 10_000) =>
    aQuestion({
      at,
      limits: { inputTokensCeiling: 1, remainingMs },
      conditions: health(pace, lastSuccessAt),
    });
  const known = Array.from({ length: 8 }, () => 500);

  it('asks a target again whose slow answers are long ago', () => {
    expect(deadlineFilter.judge(aCandidate(), question(known, 499, at - 10_001))).toBeUndefined();
  });

  it('removes a target that has lately begun no answer in the time that is left', () => {
    expect(deadlineFilter.judge(aCandidate(), question(known, 499))).toBe('deadline-too-short');
    expect(deadlineFilter.judge(aCandidate(), question(known, 500))).toBeUndefined();
    expect(deadlineFilter.judge(aCandidate(), question(known.slice(1), 499))).toBeUndefined();
    expect(deadlineFilter.judge(aCandidate(), question([], 0))).toBe('deadline-too-short');
  });
});
