import type { SeenCall, Traffic, TrafficBin } from './traffic.ts';

/** Enough for a p95 that is right to a percent or so. */
const SAMPLE_MAX = 5_000;

/**
 * Calls that were seen, in bins of equal length from the first one on. The last bin is as long as the others: the trace
 * may end anywhere in it, and to count less time would invent a rush.
 *
 * @param binSeconds more than 0
 */
export function trafficOfCalls(calls: readonly SeenCall[], binSeconds: number): Traffic {
  const begin = calls.reduce((first, { atSeconds }) => Math.min(first, atSeconds), Number.POSITIVE_INFINITY);
  const end = calls.reduce((last, { atSeconds }) => Math.max(last, atSeconds), begin);
  const count = calls.length === 0 ? 0 : Math.floor((end - begin) / binSeconds) + 1;
  const bins = Array.from({ length: count }, () => ({ requests: 0, inputTokens: 0, outputTokens: 0 }));
  for (const { atSeconds, inputTokens, outputTokens } of calls) {
    const bin = bins[Math.floor((atSeconds - begin) / binSeconds)];
    if (bin === undefined) continue;
    bin.requests += 1;
    bin.inputTokens += inputTokens;
    bin.outputTokens += outputTokens;
  }
  const step = Math.max(1, calls.length / SAMPLE_MAX);
  const sample = Array.from({ length: Math.min(calls.length, SAMPLE_MAX) }, (_, index) => {
    const { inputTokens = 0, outputTokens = 0 } = calls[Math.floor(index * step)] ?? {};
    return { inputTokens, outputTokens };
  });
  return { bins: bins.map((bin): TrafficBin => ({ seconds: binSeconds, ...bin })), sample };
}
