/** Where the time of one request went, as lines that a page draws one below the other. */
import type { SlowRequest } from '#contract/live.ts';

export interface TimelineStep {
  readonly what: string;
  /** From the request's arrival. Absent where the gateway does not know it. */
  readonly startMs: number | undefined;
  /** 0 for a moment. */
  readonly lengthMs: number;
  readonly tone: 'plain' | 'good' | 'bad';
}

export function timelineOf(request: SlowRequest): readonly TimelineStep[] {
  const { decidedMs, attempts, firstContentMs, totalMs, outcome, waitedForSlotMs } = request;
  const isGood = ['answered', 'resumed', 'cancelled'].includes(outcome);
  const waited = waitedForSlotMs > 0 ? `, ${duration(waitedForSlotMs)} of it waiting for slots` : '';
  return [
    moment('Arrived', 0),
    ...(decidedMs === undefined ? [] : [moment('Decided whom to ask', decidedMs)]),
    ...attempts.map(
      (attempt): TimelineStep => ({
        what: `Asked ${attempt.target} (${attempt.tier}): ${attempt.outcome}`,
        startMs: attempt.startedMs,
        lengthMs: attempt.durationMs,
        tone: attempt.outcome === 'answered' ? 'good' : 'bad',
      }),
    ),
    ...(firstContentMs === undefined ? [] : [moment('First content', firstContentMs)]),
    {
      what: `Ended: ${outcome}, after ${duration(totalMs)}${waited}`,
      startMs: totalMs,
      lengthMs: 0,
      tone: isGood ? 'good' : 'bad',
    },
  ];
}

const moment = (what: string, startMs: number): TimelineStep => ({
  what,
  startMs,
  lengthMs: 0,
  tone: 'plain',
});

/** `850 ms` or `1.25 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

/** A place on a line of a thousand: where a step begins, and how long it is, wide enough to be seen. */
export function placeOf(step: TimelineStep, totalMs: number): { readonly x: number; readonly width: number } {
  const scale = 1000 / Math.max(1, totalMs);
  const width = Math.max(6, Math.min(1000, step.lengthMs * scale));
  return { x: Math.max(0, Math.min(1000 - width, (step.startMs ?? 0) * scale)), width };
}
