import { invariant } from '#core/units/invariant.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** A burst's slope meets a day's slope in pieces no longer than this, each taken as straight. */
const SLOPE_PIECE_MS = 30_000;

/** A time in which a multiple of the usual rate arrives. */
interface Burst {
  readonly fromMs: number;
  /** All of it, rise and fall included. */
  readonly lengthMs: number;
  /** What the rate is multiplied by: 10 is tenfold, 0 a pause. */
  readonly factor: number;
  /** How long it takes from the usual rate to all of it, in a straight line. @default 0, at once */
  readonly riseMs?: number;
  /** @default 0 */
  readonly fallMs?: number;
}

/** The rate of one region, over a run. */
export interface RateSpec {
  /** Mean arrivals a second over a day, without bursts. */
  readonly perSecond: number;
  /** 24 relative rates, at each full hour of local time from midnight on, straight in between. @default - always the mean */
  readonly hours?: readonly number[];
  /** Local time's hours ahead of UTC: -8 for Oregon in winter, 5.5 for Mumbai. @default 0 */
  readonly utcOffsetHours?: number;
  /** The hour of the day, in UTC, at which the run begins. @default 0 */
  readonly startsAtUtcHour?: number;
  readonly bursts?: readonly Burst[];
}

/** A rate that goes in straight lines, piece by piece without a hole. Rates are arrivals a millisecond. */
export interface RatePiece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rateFrom: number;
  readonly rateTo: number;
}

/** The rate over the first `untilMs` milliseconds of a run. */
export function ratePieces(spec: RateSpec, untilMs: number): readonly RatePiece[] {
  const { perSecond, bursts = [] } = spec;
  invariant(perSecond >= 0 && Number.isFinite(perSecond), 'a rate is 0 or more');
  const edges = new Set<number>([0, untilMs]);
  const add = (edge: number): void => {
    if (edge > 0 && edge < untilMs) edges.add(edge);
  };
  if (spec.hours !== undefined) for (const edge of fullHours(spec, untilMs)) add(edge);
  for (const burst of bursts) for (const edge of burstEdges(burst)) add(edge);
  const sorted = [...edges].sort((left, right) => left - right);
  const day = dayRate(spec);
  return sorted.slice(1).map((toMs, index) => {
    const fromMs = sorted[index] ?? 0;
    // A factor may jump at an edge: it is read inside of the piece, and carried to both of its ends.
    const factor = (atMs: number): number =>
      bursts.reduce((product, burst) => product * burstFactor(burst, atMs, (fromMs + toMs) / 2), 1);
    return {
      fromMs,
      toMs,
      rateFrom: (day(fromMs) * factor(fromMs)) / 1000,
      rateTo: (day(toMs) * factor(toMs)) / 1000,
    };
  });
}

function localHourAt(spec: RateSpec, atMs: number): number {
  const hour = (spec.startsAtUtcHour ?? 0) + (spec.utcOffsetHours ?? 0) + atMs / HOUR_MS;
  return ((hour % DAY_HOURS) + DAY_HOURS) % DAY_HOURS;
}

function* fullHours(spec: RateSpec, untilMs: number): Generator<number> {
  const toNextHour = (1 - (localHourAt(spec, 0) % 1)) * HOUR_MS;
  for (let atMs = toNextHour; atMs < untilMs; atMs += HOUR_MS) yield atMs;
}

/** Arrivals a second by local time, with `perSecond` as the mean over a day. */
function dayRate(spec: RateSpec): (atMs: number) => number {
  const { hours, perSecond } = spec;
  if (hours === undefined) return () => perSecond;
  const sum = hours.reduce((total, weight) => total + weight, 0);
  invariant(hours.length === DAY_HOURS && sum > 0, 'a day has 24 relative rates, some above 0');
  return (atMs) => {
    const hour = localHourAt(spec, atMs);
    const whole = Math.floor(hour);
    const from = hours[whole % DAY_HOURS] ?? 0;
    const to = hours[(whole + 1) % DAY_HOURS] ?? 0;
    return (perSecond * DAY_HOURS * (from + (to - from) * (hour - whole))) / sum;
  };
}

function burstEdges(burst: Burst): readonly number[] {
  const { fromMs, lengthMs, riseMs = 0, fallMs = 0 } = burst;
  invariant(
    lengthMs > 0 && riseMs + fallMs <= lengthMs && burst.factor >= 0,
    'a burst lasts at least as long as its rise and its fall, and its factor is 0 or more',
  );
  const slope = (startMs: number, lastsMs: number): readonly number[] =>
    Array.from(
      { length: Math.ceil(lastsMs / SLOPE_PIECE_MS) },
      (_, piece) => startMs + piece * SLOPE_PIECE_MS,
    );
  const endMs = fromMs + lengthMs;
  return [
    ...slope(fromMs, riseMs),
    ...slope(endMs - fallMs, fallMs),
    fromMs,
    fromMs + riseMs,
    endMs - fallMs,
    endMs,
  ];
}

function burstFactor(burst: Burst, atMs: number, insideMs: number): number {
  const { fromMs, lengthMs, factor, riseMs = 0, fallMs = 0 } = burst;
  const endMs = fromMs + lengthMs;
  if (insideMs < fromMs || insideMs > endMs) return 1;
  if (insideMs < fromMs + riseMs) return 1 + ((factor - 1) * (atMs - fromMs)) / riseMs;
  if (insideMs > endMs - fallMs) return 1 + ((factor - 1) * (endMs - atMs)) / fallMs;
  return factor;
}
