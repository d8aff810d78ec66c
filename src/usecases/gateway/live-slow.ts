import type { SlowRequest } from '#contract/live.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { RequestRecord } from '../ports/gateway-metrics.ts';

/** What of a request's time its record does not tell. */
export interface LiveWait {
  /** From its arrival until it was known whom to ask. */
  readonly decidedMs?: number | undefined;
}

const KEPT_MAX = 3;

/** The slowest few of one second. */
export class SlowestRequests {
  readonly #kept: { readonly record: RequestRecord; readonly wait: LiveWait }[] = [];

  offer(record: RequestRecord, wait: LiveWait): void {
    const last = this.#kept.at(-1);
    if (this.#kept.length >= KEPT_MAX && last !== undefined && record.durationMs <= last.record.durationMs)
      return;
    this.#kept.push({ record, wait });
    this.#kept.sort((left, right) => right.record.durationMs - left.record.durationMs);
    if (this.#kept.length > KEPT_MAX) this.#kept.pop();
  }

  clear(): void {
    this.#kept.length = 0;
  }

  told(): readonly SlowRequest[] {
    return this.#kept.map(({ record, wait }) => timelineOf(record, wait));
  }
}

/** Ids, closed words, names of the configuration and times: nothing that a caller wrote. */
function timelineOf(record: RequestRecord, { decidedMs }: LiveWait): SlowRequest {
  const { requestId, model, residency, lane, outcome, at, durationMs, timeToFirstTokenMs } = record;
  return {
    requestId,
    model,
    residency,
    lane,
    outcome,
    arrivedAt: isoOfInstant(Math.round(at - durationMs)),
    ...(decidedMs === undefined ? {} : { decidedMs: tenths(decidedMs) }),
    waitedForSlotMs: tenths(record.slotWaitMs),
    attempts: record.attempts.map((attempt) => ({
      target: attempt.target,
      tier: attempt.tier,
      outcome: attempt.outcome,
      ...(attempt.startedMs === undefined ? {} : { startedMs: tenths(attempt.startedMs) }),
      durationMs: tenths(attempt.durationMs),
    })),
    ...(timeToFirstTokenMs === undefined ? {} : { firstContentMs: tenths(timeToFirstTokenMs) }),
    totalMs: tenths(durationMs),
  };
}

/** Nobody reads more digits, and they are most of an event's length. */
export const tenths = (milliseconds: number): number => Math.max(0, Math.round(milliseconds * 10) / 10);
