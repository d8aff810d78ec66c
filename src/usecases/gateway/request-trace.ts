import { type RequestTrace, traceOfRequest } from '#core/trace/request-trace.ts';
import type { RequestRecord } from '../ports/gateway-metrics.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';

/** Undefined where nobody records spans, or not those of this trace. */
export function sampledTrace(
  { spans }: Pick<Services, 'spans'>,
  { arrival, call }: Pick<Job, 'arrival' | 'call'>,
): RequestTrace | undefined {
  if (spans === undefined) return undefined;
  const { traceparent: caller } = call.options;
  const trace = traceOfRequest({ caller, requestId: arrival.requestId, rootShare: spans.rootShare });
  return trace.sampled ? trace : undefined;
}

/** Hands the facts of a request on, from which its spans are made later. */
export function tellSpans({ spans }: Pick<Services, 'spans'>, job: Job, record: RequestRecord): void {
  if (spans === undefined) return;
  const trace = sampledTrace({ spans }, job);
  if (trace === undefined) return;
  const { targets, baseline } = job.sourced;
  spans.ended({ record, trace, startedAt: job.arrival.at, targets: [...targets, ...baseline] });
}

/** When a call to a target began, in milliseconds after the request came; only where spans are recorded, or somebody listens. */
export function startOfAttempt(
  { spans, live, clock }: Pick<Services, 'spans' | 'live' | 'clock'>,
  { arrival }: Pick<Job, 'arrival'>,
  durationMs: number,
): { readonly startedMs?: number } {
  if (spans === undefined && live.desk === undefined) return nothing;
  return { startedMs: Math.max(0, clock.monotonicMs() - durationMs - arrival.startedMs) };
}

const nothing = {};
