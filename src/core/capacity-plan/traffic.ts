/**
 * core/capacity-plan: how many copies of what carry a traffic, what goes to serverless targets instead, and what both
 * cost.
 *
 * Invariant: no clock, no chance, and no number that nobody measured: the speed of an engine, prices and traffic come
 * from outside, and a plan says what it reckoned with. The folder owns no state.
 *
 *     trace ─┐
 *     metrics┼─ Traffic ─┐
 *     numbers┘           ├─ limits of a copy ─ share that spills (Erlang) ─ cost by copies ─ the cheapest
 *     engine, prices ────┘
 */

/** What came in one stretch of time, in which calls are taken to come evenly and independently of each other. */
export interface TrafficBin {
  /** More than 0. */
  readonly seconds: number;
  readonly requests: number;
  /** Of all of its requests. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface CallLengths {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Traffic as it was seen, or as somebody says that it is. */
export interface Traffic {
  readonly bins: readonly TrafficBin[];
  /** Calls that stand for all of them; empty where there are none. */
  readonly sample: readonly CallLengths[];
}

/** A call that was seen. */
export interface SeenCall extends CallLengths {
  readonly atSeconds: number;
}

/** The sums of many bins. */
export function totalOf(bins: readonly TrafficBin[]): TrafficBin {
  return bins.reduce(
    (sum, bin) => ({
      seconds: sum.seconds + bin.seconds,
      requests: sum.requests + bin.requests,
      inputTokens: sum.inputTokens + bin.inputTokens,
      outputTokens: sum.outputTokens + bin.outputTokens,
    }),
    { seconds: 0, requests: 0, inputTokens: 0, outputTokens: 0 },
  );
}

/** The same calls, so many times as often. */
export function scaledTraffic({ bins, sample }: Traffic, factor: number): Traffic {
  return {
    bins: bins.map(({ seconds, requests, inputTokens, outputTokens }) => ({
      seconds,
      requests: requests * factor,
      inputTokens: inputTokens * factor,
      outputTokens: outputTokens * factor,
    })),
    sample,
  };
}

/** The smallest value that so many of them (0 to 1) do not exceed; 0 of none. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
