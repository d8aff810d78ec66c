/** A request as tracing is told of it: answered by a serverless target, streamed. */
import type { Target } from '#core/target.ts';
import { traceOfRequest } from '#core/trace/request-trace.ts';
import type { RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import type { TracedRequest } from '#usecases/ports/request-spans.ts';

const startedAt = Date.UTC(2026, 10, 21, 8);

export function aTracedRequest(options: {
  readonly caller?: string;
  readonly targets?: readonly Target[];
  readonly record?: Partial<RequestRecord>;
}): TracedRequest {
  const { caller, targets = [] } = options;
  const record: RequestRecord = {
    at: startedAt + 360,
    requestId: 'r1',
    model: 'chat-small',
    work: 'chat',
    residency: 'us',
    tenant: 'demo',
    lane: 'standard',
    tier: 'serverless',
    outcome: 'answered',
    attempts: [],
    wakeUps: 0,
    leaseDenials: 0,
    slotWaitMs: 0,
    spilled: false,
    streamed: true,
    durationMs: 360,
    timeToFirstTokenMs: 90,
    inputTokens: 100,
    outputTokens: 20,
    cacheReadInputTokens: 5,
    ...options.record,
  };
  return {
    record,
    targets,
    startedAt,
    trace: traceOfRequest({ caller, requestId: record.requestId, rootShare: 1 }),
  };
}
