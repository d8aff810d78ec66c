import { expect, it } from 'vitest';
import { trafficOfBins } from '#core/capacity-plan/traffic-of-bins.ts';

it('lets the mean call of each busy bin stand for its calls', () => {
  const bins = [
    { seconds: 60, requests: 4, inputTokens: 400, outputTokens: 40 },
    { seconds: 60, requests: 0, inputTokens: 0, outputTokens: 0 },
  ];
  expect(trafficOfBins(bins)).toEqual({ bins, sample: [{ inputTokens: 100, outputTokens: 10 }] });
});
