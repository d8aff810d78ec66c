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
  const elapsedMs = now - at;
  for (const [unit, unitMs] of units) {
    const count = Math.floor(elapsedMs / unitMs);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}

/** `1d 23h` or `3h 59m`, until an ISO 8601 time that is to come; the text itself where it is none. */
export function timeLeft(time: string, now: InstantMs): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return time;
  const leftMs = Math.max(0, at - now);
  const first = units.findIndex(([, unitMs]) => leftMs >= unitMs);
  const parts = units.slice(first, first + 2).flatMap(([unit, unitMs], index) => {
    const count = Math.floor((index === 0 ? leftMs : leftMs % (units[first]?.[1] ?? 1)) / unitMs);
    return count === 0 ? [] : [`${count}${unit.slice(0, 1)}`];
  });
  return first < 0 ? '0s' : parts.join(' ');
}

/** `2026-11-21 07:30:00Z`: to the second, for columns. */
export function shortTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : `${isoOfInstant(at).slice(0, 19).replace('T', ' ')}Z`;
}
