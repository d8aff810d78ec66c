import type { LiveEvent, SlowRequest } from '#contract/live.ts';

const lane = { waiting: 0, slots: 0 };

/** A second in which nothing happened. */
export function aLiveEvent(changes: Partial<LiveEvent> = {}): LiveEvent {
  return {
    at: '2026-11-22T08:00:00.000Z',
    coversMs: 1000,
    gateway: 'us-east-1',
    sees: 'tenant',
    windowMs: 60_000,
    requests: 0,
    tiers: { dedicated: 0, serverless: 0, baseline: 0, none: 0 },
    spilled: 0,
    failovers: 0,
    outcomes: {},
    inputTokens: 0,
    outputTokens: 0,
    costUsdPerHour: 0,
    unpriced: 0,
    models: [],
    went: [],
    lanes: { interactive: lane, standard: lane, bulk: lane },
    targets: [],
    slow: [],
    uncounted: 0,
    ...changes,
  };
}

export function aSlowRequest(changes: Partial<SlowRequest> = {}): SlowRequest {
  return {
    requestId: 'request-1',
    model: 'chat-small',
    residency: 'us',
    lane: 'interactive',
    outcome: 'answered',
    arrivedAt: '2026-11-22T08:00:00.000Z',
    decidedMs: 2,
    waitedForSlotMs: 0,
    attempts: [],
    firstContentMs: 300,
    totalMs: 1050,
    ...changes,
  };
}
