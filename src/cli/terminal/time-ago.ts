import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** `3 minutes ago`, from an ISO 8601 time; the text itself where it is none. */
export function timeAgo(time: string, now: InstantMs): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return time;
  const elapsed = longestUnits(now - at);
  return elapsed === undefined ? 'just now' : `${elapsed} ago`;
}

/** `3 hours`, until an ISO 8601 time that is to come; the text itself where it is none. */
export function timeLeft(time: string, now: InstantMs): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : (longestUnits(at - now) ?? 'a moment');
}

function longestUnits(durationMs: number): string | undefined {
  for (const [unit, unitMs] of units) {
    const count = Math.floor(durationMs / unitMs);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return undefined;
}

/** `2026-11-21 07:30:00Z`: to the second, for columns. */
export function shortTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : `${isoOfInstant(at).slice(0, 19).replace('T', ' ')}Z`;
}
