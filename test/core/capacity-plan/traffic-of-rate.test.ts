import { describe, expect, it } from 'vitest';
import { totalOf } from '#core/capacity-plan/traffic.ts';
import { trafficOfRate } from '#core/capacity-plan/traffic-of-rate.ts';

const rate = { requestsPerSecond: 2, inputTokens: 1_000, outputTokens: 250 };

describe('traffic of a mean rate', () => {
  it.each([1, 1.5, 2.5, 6, 24])(
    'has %f times the mean in its busiest hour, and the mean over the day',
    (peakFactor) => {
      const { bins } = trafficOfRate({ ...rate, peakFactor });
      expect(bins).toHaveLength(24);
      expect(Math.max(...bins.map(({ requests }) => requests)) / 7_200).toBeCloseTo(peakFactor, 2);
      expect(Math.min(...bins.map(({ requests }) => requests))).toBeGreaterThanOrEqual(0);
      const total = totalOf(bins);
      expect(total.requests).toBeCloseTo(2 * 86_400, 3);
      expect(total.inputTokens / total.requests).toBeCloseTo(1_000, 6);
      expect(total.outputTokens / total.requests).toBeCloseTo(250, 6);
    },
  );

  it('is idle at a rate of zero', () => {
    const { bins, sample } = trafficOfRate({ ...rate, requestsPerSecond: 0, peakFactor: 3 });
    expect([totalOf(bins).requests, sample]).toEqual([0, []]);
  });
});
