/**
 * core/units: the quantities that every decision is made of.
 *
 * Invariant: a value that has passed its check stays inside its range; nothing here reads a clock or a source of
 * chance. The folder owns no state except inside a generator that a caller creates and holds.
 */

/** Milliseconds since 1970-01-01T00:00:00Z, as a whole number. Always an argument, never read from a clock here. */
export type InstantMs = number;

/** The last millisecond of the year 9999: the end of what ISO 8601 writes with four digits. */
export const INSTANT_MS_MAX = 253_402_300_799_999;

const MS_PER_DAY = 86_400_000;
const DAYS_PER_400_YEARS = 146_097;
/** Days from 0000-03-01 to 1970-01-01. Counting years from March puts the leap day last. */
const DAYS_TO_EPOCH = 719_468;

export function isInstantMs(value: unknown): value is InstantMs {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= INSTANT_MS_MAX;
}

/** ISO 8601 in UTC with milliseconds, the only form of time in our JSON. Range: 0 to `INSTANT_MS_MAX`. */
export function isoOfInstant(at: InstantMs): string {
  const dayMs = ((at % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  const { year, month, day } = civilDate(Math.floor(at / MS_PER_DAY));
  const clock = [
    Math.floor(dayMs / 3_600_000),
    Math.floor(dayMs / 60_000) % 60,
    Math.floor(dayMs / 1000) % 60,
  ];
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  return `${date}T${clock.map((part) => digits(part, 2)).join(':')}.${digits(dayMs % 1000, 3)}Z`;
}

/** The proleptic Gregorian date of a day number, by the 400-year cycle. */
function civilDate(daysSinceEpoch: number): { year: number; month: number; day: number } {
  const days = daysSinceEpoch + DAYS_TO_EPOCH;
  const cycle = Math.floor(days / DAYS_PER_400_YEARS);
  const dayOfCycle = days - cycle * DAYS_PER_400_YEARS;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day };
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
