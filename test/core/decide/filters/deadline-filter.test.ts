import { describe, expect, it } from 'vitest';
import { deadlineFilter } from '#core/decide/filters/deadline-filter.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

describe('deadline', () => {
  it('removes a target that has never begun an answer in the time that is left', () => {
    const health = (pace: readonly number[]) => ({
      ...noConditions,
      health: new Map([[aTarget().id, { ...unknownHealth, pace }]]),
    });
    const question = (pace: readonly number[], remainingMs: number) =>
      aQuestion({ limits: { inputTokensCeiling: 1, remainingMs }, conditions: health(pace) });
    const known = Array.from({ length: 8 }, () => 500);
    expect(deadlineFilter.judge(aCandidate(), question(known, 499))).toBe('deadline-too-short');
    expect(deadlineFilter.judge(aCandidate(), question(known, 500))).toBeUndefined();
    expect(deadlineFilter.judge(aCandidate(), question(known.slice(1), 499))).toBeUndefined();
    expect(deadlineFilter.judge(aCandidate(), question([], 0))).toBe('deadline-too-short');
  });
});
