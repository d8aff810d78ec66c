import { invariant } from '#core/units/invariant.ts';
import type { Random } from '#core/units/random.ts';
import { studentQuantile } from './student-t.ts';

/** A number, and where it lies with that confidence. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;

/**
 * The mean over seeds with Student's interval: mean ± t · s / √n. Exact where the values are normal, good where they are
 * themselves means or quantiles of long runs. One value has an interval without end.
 *
 * @param values one a seed, at least one
 */
export function meanInterval(values: readonly number[], confidence = CONFIDENCE): Interval {
  invariant(values.length > 0, 'an interval needs a value');
  const value = meanOf(values);
  if (values.length === 1) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const square = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (values.length - 1);
  const half = studentQuantile((1 + confidence) / 2, values.length - 1) * Math.sqrt(square / values.length);
  return { value, low: value - half, high: value + half };
}

/**
 * How much one arm differs from another under the same seeds: the interval of the differences, pair by pair. What a seed
 * does to both falls out, so that it is much narrower than two intervals side by side.
 */
export function pairedDifference(
  ours: readonly number[],
  theirs: readonly number[],
  confidence = CONFIDENCE,
): Interval {
  invariant(ours.length === theirs.length, 'pairs have two sides');
  return meanInterval(
    ours.map((value, index) => value - (theirs[index] ?? Number.NaN)),
    confidence,
  );
}

/**
 * What one arm is of another under the same seeds, 0.6 for 40 % less: Student's interval of the logarithms, and so of the
 * geometric mean of the ratios. All values are above 0.
 */
export function pairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
  confidence = CONFIDENCE,
): Interval {
  invariant(
    [...ours, ...theirs].every((value) => value > 0),
    'ratios are of values above 0',
  );
  const { value, low, high } = pairedDifference(ours.map(Math.log), theirs.map(Math.log), confidence);
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/**
 * A quantile of independent values with the interval between two of their order statistics, which needs no law of theirs
 * (Hahn and Meeker, "Statistical Intervals", section 5.2): the ranks leave at most half of what is not confidence on each
 * side. Where there are too few values for that the interval has no end on that side.
 *
 * @param values in any order, at least one
 * @param share above 0, below 1
 */
export function quantileInterval(
  values: readonly number[],
  share: number,
  confidence = CONFIDENCE,
): Interval {
  invariant(values.length > 0 && share > 0 && share < 1, 'a quantile of some values, between their ends');
  const sorted = [...values].sort((left, right) => left - right);
  const count = sorted.length;
  const tail = (1 - confidence) / 2;
  // P(the r-th value is at or below the quantile) = P(Binomial(n, share) >= r).
  const below = binomialShares(count, share);
  let lowRank = 0;
  while (lowRank < count && (below[lowRank] ?? 1) <= tail) lowRank += 1;
  let highRank = count;
  while (highRank > 0 && 1 - (below[highRank - 1] ?? 1) <= tail) highRank -= 1;
  return {
    value: sorted[Math.max(1, Math.ceil(share * count)) - 1] ?? Number.NaN,
    low: sorted[lowRank - 1] ?? Number.NEGATIVE_INFINITY,
    high: sorted[highRank] ?? Number.POSITIVE_INFINITY,
  };
}

/**
 * Any statistic with the interval of its bootstrap: computed again of values drawn from the values, its middle shares are the
 * interval (Efron and Tibshirani, "An Introduction to the Bootstrap", section 13.3).
 *
 * @param values at least one
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (values: readonly number[]) => number,
  {
    random,
    rounds = 2_000,
    confidence = CONFIDENCE,
  }: { random: Random; rounds?: number; confidence?: number },
): Interval {
  invariant(values.length > 0 && rounds >= 100, 'a bootstrap needs values, and a hundred rounds at least');
  const told = Array.from({ length: rounds }, () =>
    statistic(values.map(() => values[Math.floor(values.length * random.next())] ?? Number.NaN)),
  ).sort((left, right) => left - right);
  const tail = (1 - confidence) / 2;
  return {
    value: statistic(values),
    low: told[Math.floor(tail * rounds)] ?? Number.NaN,
    high: told[Math.ceil((1 - tail) * rounds) - 1] ?? Number.NaN,
  };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** P(Binomial(count, share) <= k) for k from 0 to count, summed in logarithms where single terms would vanish. */
function binomialShares(count: number, share: number): readonly number[] {
  const shares: number[] = [];
  let logTerm = count * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  shares.push(sum);
  for (let k = 1; k <= count; k += 1) {
    logTerm += Math.log((count - k + 1) / k) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logTerm);
    shares.push(Math.min(1, sum));
  }
  return shares;
}
