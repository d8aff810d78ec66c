import type { RequestRecord } from '#usecases/ports/gateway-metrics.ts';

/** A chat that was answered within a tenth of a second. */
export function aRequestRecord(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    at: Date.UTC(2026, 10, 22, 8),
    requestId: 'request-1',
    model: 'chat-small',
    work: 'chat',
    residency: 'us',
    tenant: 'demo',
    lane: 'interactive',
    tier: 'serverless',
    target: 'a',
    outcome: 'answered',
    attempts: [{ target: 'a', tier: 'serverless', outcome: 'answered', durationMs: 90 }],
    wakeUps: 0,
    leaseDenials: 0,
    slotWaitMs: 0,
    spilled: false,
    streamed: false,
    durationMs: 100,
    timeToFirstTokenMs: 50,
    inputTokens: 10,
    outputTokens: 5,
    costPicoUsd: 2_000_000n,
    ...changes,
  };
}
