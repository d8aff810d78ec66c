import type { Traffic, TrafficBin } from './traffic.ts';

/** Traffic of which only the sums of each bin are known: each bin's mean call stands for its calls. */
export function trafficOfBins(bins: readonly TrafficBin[]): Traffic {
  const busy = bins.filter(({ requests }) => requests > 0);
  const sample = busy.map(({ requests, inputTokens, outputTokens }) => ({
    inputTokens: inputTokens / requests,
    outputTokens: outputTokens / requests,
  }));
  return { bins, sample };
}
