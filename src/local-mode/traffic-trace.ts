/** Recorded requests, played again at another rate: pure, so that the n-th request of a run is the same every time. */
import type { TrafficTrace } from '#contract/local-traffic.ts';
import recorded from '#data/traffic.json' with { type: 'json' };

export interface TracedRequest {
  /** From the start of the run. */
  readonly dueMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Answers the n-th request, from 0: the trace begins again when it has ended, its bursts and pauses stretched alike. */
export function playTrace(trace: TrafficTrace, requestsPerSecond: number): (index: number) => TracedRequest {
  const rows: readonly (readonly number[])[] = recorded[trace];
  const lastMs = rows.at(-1)?.[0] ?? 0;
  // The first request of the next turn comes after the mean gap, as if the trace went on.
  const spanMs = (lastMs * rows.length) / (rows.length - 1);
  const stretch = (rows.length * 1000) / spanMs / requestsPerSecond;
  return (index) => {
    const [arrivalMs = 0, inputTokens = 1, outputTokens = 1] = rows[index % rows.length] ?? [];
    const turn = Math.floor(index / rows.length);
    return { dueMs: (turn * spanMs + arrivalMs) * stretch, inputTokens, outputTokens };
  };
}
