import { describe, expect, it } from 'vitest';
import { quantileOf, scaledTraffic, totalOf } from '#core/capacity-plan/traffic.ts';

const bin = { seconds: 60, requests: 10, inputTokens: 1_000, outputTokens: 200 };

describe('traffic', () => {
  it('adds up', () => {
    expect(totalOf([bin, bin])).toEqual({
      seconds: 120,
      requests: 20,
      inputTokens: 2_000,
      outputTokens: 400,
    });
    expect(totalOf([])).toEqual({ seconds: 0, requests: 0, inputTokens: 0, outputTokens: 0 });
  });

  it('grows in calls and not in time or length', () => {
    const sample = [{ inputTokens: 100, outputTokens: 20 }];
    expect(scaledTraffic({ bins: [bin], sample }, 1.5)).toEqual({
      bins: [{ seconds: 60, requests: 15, inputTokens: 1_500, outputTokens: 300 }],
      sample,
    });
  });

  it('has quantiles that were seen', () => {
    const values = Array.from({ length: 20 }, (_, index) => 20 - index);
    expect([0, 0.05, 0.5, 0.95, 1].map((share) => quantileOf(values, share))).toEqual([1, 1, 10, 19, 20]);
    expect(quantileOf([], 0.95)).toBe(0);
  });
});
