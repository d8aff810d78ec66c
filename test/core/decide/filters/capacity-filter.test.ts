import { describe, expect, it } from 'vitest';
import { capacityFilter } from '#core/decide/filters/capacity-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

describe('capacity', () => {
  it('leaves a resting pool alone until its time is over', () => {
    const resting = (key: string, until: number) =>
      aQuestion({ conditions: { ...noConditions, resting: new Map([[key, until]]) } });
    const { quotaPool } = aTarget();
    expect(capacityFilter.judge(aCandidate(), resting(quotaPool, 1_000_001))).toBe('no-capacity');
    expect(capacityFilter.judge(aCandidate(), resting(quotaPool, 1_000_000))).toBeUndefined();
  });

  it('holds this gateway to its share of a dedicated target', () => {
    const target = aDedicatedTarget({ share: { 'us-east-1': 2 } });
    const candidate = { ...aCandidate(), target };
    const busy = (count: number) =>
      aQuestion({ conditions: { ...noConditions, inFlight: new Map([[target.id, count]]) } });
    expect(capacityFilter.judge(candidate, busy(1))).toBeUndefined();
    expect(capacityFilter.judge(candidate, busy(2))).toBe('no-capacity');
  });
});
