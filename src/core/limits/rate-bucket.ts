/**
 * core/limits: how many requests and tokens a tenant may have a minute.
 *
 * Invariant: what a region's bucket gives out in any stretch of time is at most its burst and what flows in meanwhile;
 * the shares of all regions sum up to the limit, never to more. Time is an argument. The folder owns no state.
 */

/** Units (requests or tokens) that flow in, evenly. */
export interface Rate {
  /** More than 0; a share of a share may be a fraction. */
  readonly perMinute: number;
  /** An empty bucket fills in so long, and a full one holds what flows in meanwhile. @default 10000 */
  readonly fillMs?: number | undefined;
}

/**
 * The whole state of a bucket: when it is full again if nothing more is taken, in microseconds since the epoch. One
 * number, so that one conditional write decides; what lies in the past means full. Bound to time and not to units, so
 * that it keeps its meaning when the limit changes.
 */
export type FullAtMicros = number;

const MICROS_PER_MINUTE = 60_000_000;
const MICROS_PER_MS = 1000;
/** What a full bucket holds: a sixth of a minute's worth, and never less than one unit. */
const FILL_MS_DEFAULT = 10_000;

/** The time in which so many units flow in. Rounded up: the limit's favour. */
export function microsOfUnits({ perMinute }: Rate, units: number): number {
  return Math.ceil((units * MICROS_PER_MINUTE) / perMinute);
}

/** The time in which an empty bucket fills. */
export function fillMicros(rate: Rate): number {
  return Math.max((rate.fillMs ?? FILL_MS_DEFAULT) * MICROS_PER_MS, microsOfUnits(rate, 1));
}

/** Units that an empty bucket holds when it has filled: those that may go at once. */
export function burstOf(rate: Rate): number {
  return unitsOfMicros(rate, fillMicros(rate));
}

/**
 * The latest `fullAt` of a bucket from which so many units may still be taken. What is larger than the burst may be
 * taken from a full bucket, and is paid back before anything else: so that one long request fits into a small share.
 */
export function latestFullAt(
  rate: Rate,
  take: { readonly units: number; readonly at: number },
): FullAtMicros {
  return take.at * MICROS_PER_MS + Math.max(0, fillMicros(rate) - microsOfUnits(rate, take.units));
}

export type Taken =
  | { readonly granted: true; readonly fullAt: FullAtMicros }
  | { readonly granted: false; readonly retryAfterMs: number };

/** Takes units, or says after how many milliseconds (1 or more) they would be there. `at` in epoch milliseconds. */
export function takeFrom(
  rate: Rate,
  state: { readonly fullAt: FullAtMicros; readonly units: number; readonly at: number },
): Taken {
  const { fullAt, units, at } = state;
  const latest = latestFullAt(rate, { units, at });
  if (fullAt > latest)
    return { granted: false, retryAfterMs: Math.max(1, Math.ceil((fullAt - latest) / MICROS_PER_MS)) };
  return { granted: true, fullAt: Math.max(fullAt, at * MICROS_PER_MS) + microsOfUnits(rate, units) };
}

/** Whole units that could be taken now; 0 when it is overdrawn. */
export function unitsIn(rate: Rate, fullAt: FullAtMicros, at: number): number {
  const missing = Math.max(0, fullAt - at * MICROS_PER_MS);
  return Math.max(0, Math.floor(unitsOfMicros(rate, fillMicros(rate) - missing)));
}

/** After a correction: fewer units were used than taken, or, where `units` is negative, more. */
export function giveBackTo(rate: Rate, fullAt: FullAtMicros, units: number): FullAtMicros {
  return fullAt - microsOfReturn(rate, units);
}

/** The time that returned units are worth. Rounded down: the limit's favour. */
export function microsOfReturn({ perMinute }: Rate, units: number): number {
  return Math.floor((units * MICROS_PER_MINUTE) / perMinute);
}

/** Milliseconds until it is full. */
export function fullAfterMs(fullAt: FullAtMicros, at: number): number {
  return Math.max(0, Math.ceil(fullAt / MICROS_PER_MS - at));
}

function unitsOfMicros({ perMinute }: Rate, micros: number): number {
  return (micros * perMinute) / MICROS_PER_MINUTE;
}
