import { describe, expect, it } from 'vitest';
import { trafficOfCalls } from '#core/capacity-plan/traffic-of-calls.ts';

const call = (atSeconds: number) => ({ atSeconds, inputTokens: 100, outputTokens: 10 });

describe('traffic of calls that were seen', () => {
  it('stands in bins from the first call on, in any order', () => {
    const { bins, sample } = trafficOfCalls([call(130), call(10), call(69), call(71)], 60);
    expect(bins.map(({ seconds, requests }) => [seconds, requests])).toEqual([
      [60, 2],
      [60, 1],
      [60, 1],
    ]);
    expect(bins[0]).toEqual({ seconds: 60, requests: 2, inputTokens: 200, outputTokens: 20 });
    expect(sample).toHaveLength(4);
  });

  it('counts every call and keeps a sample of them in order', () => {
    const calls = Array.from({ length: 20_000 }, (_, index) => ({ ...call(index), inputTokens: index }));
    const { bins, sample } = trafficOfCalls(calls, 3_600);
    expect(bins.reduce((sum, { requests }) => sum + requests, 0)).toBe(20_000);
    expect(sample).toHaveLength(5_000);
    expect(sample.slice(0, 3).map(({ inputTokens }) => inputTokens)).toEqual([0, 4, 8]);
  });

  it('is nothing of none', () => {
    expect(trafficOfCalls([], 60)).toEqual({ bins: [], sample: [] });
  });
});
