import { HOURS_PER_MONTH, MINUTES_PER_MONTH } from './usage.ts';

const MINUTES_PER: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;

/**
 * How often a schedule of EventBridge runs in a month of 730 hours; days, months and years of a `cron` count as every one.
 *
 * @throws RangeError for an expression that is neither `rate` nor `cron`.
 */
export function runsPerMonth(expression: string): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) {
    const minutes = Number(rate[1]) * (MINUTES_PER[rate[2] ?? ''] ?? 1);
    if (minutes > 0) return Math.ceil(MINUTES_PER_MONTH / minutes);
  }
  const [minute, hour] = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  if (minute !== undefined && hour !== undefined) {
    const perDay = timesOf(minute, MINUTES_PER_HOUR) * timesOf(hour, HOURS_PER_DAY);
    return Math.ceil((perDay * HOURS_PER_MONTH) / HOURS_PER_DAY);
  }
  throw new RangeError(`schedule ${expression}: want rate(<n> minutes) or cron(<minute> <hour> …)`);
}

/** Values of a field of `cron` out of so many: `*`, `3`, `0/5`, `1,2`. */
function timesOf(field: string, outOf: number): number {
  if (field === '*') return outOf;
  const step = /^\d+\/(\d+)$/.exec(field)?.[1];
  return step === undefined ? field.split(',').length : Math.ceil(outOf / Number(step));
}
