/**
 * What tracing shows of a request, once it has ended: facts and times, from which an adapter makes spans. Never a word of
 * what was asked or answered.
 */
import type { Target } from '#core/target.ts';
import type { RequestTrace } from '#core/trace/request-trace.ts';
import type { RequestRecord } from './gateway-metrics.ts';

export interface TracedRequest {
  readonly record: RequestRecord;
  readonly trace: RequestTrace;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Those of its route, in which the targets that were called are found by their ids. */
  readonly targets: readonly Target[];
}

export interface RequestSpans {
  /** Of the traces that begin in this gateway, the share that is recorded: 0 to 1. */
  readonly rootShare: number;
  /** Takes a request whose trace is sampled. Never waits, never throws: what does not fit is counted and lost. */
  ended(request: TracedRequest): void;
}
