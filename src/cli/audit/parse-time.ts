import { UsageError } from '../usage-error.ts';

const DAY_MS = 86_400_000;

/**
 * Epoch milliseconds of `2026-11-21` or `2026-11-21T08:00:00Z`, in UTC. A day alone is its beginning for `from`, its last
 * millisecond for `to`.
 */
export function parseTime(text: string, option: 'from' | 'to'): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text);
  const at = isDay || isTime ? Date.parse(text) : Number.NaN;
  if (isInCalendar(at, text)) return isDay && option === 'to' ? at + DAY_MS - 1 : at;
  throw new UsageError(
    `--${option} must be a day or a time in UTC such as 2026-11-21 or 2026-11-21T08:00:00Z, not "${text}"`,
  );
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isInCalendar(at: number, text: string): boolean {
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 'yyyy-mm-dd'.length));
}
