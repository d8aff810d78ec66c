/** Instants as every page writes them: in UTC, which is said, and how long ago. */

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `2026-11-22 05:10 UTC` from ISO 8601; the text itself where it is none. */
export function utcTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `05:10:54 UTC`, for a clock that goes. */
export function utcClock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/** `3 minutes ago`; `less than a minute ago` for what is newer. */
export function timeAgo(time: string, now: number): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return time;
  for (const [unit, unitMs] of units) {
    const count = Math.floor((now - at) / unitMs);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  }
  return 'less than a minute ago';
}
