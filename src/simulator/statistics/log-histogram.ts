/**
 * simulator/statistics: what millions of values of a run, and the runs of several seeds, say together.
 *
 * Invariant: every number has a stated error or an interval, and memory does not grow with the number of values. Each
 * object owns what it has counted.
 */
import { invariant } from '#core/units/invariant.ts';

/** A told quantile is at most this share away from the exact one. */
const RELATIVE_ERROR = 0.005;
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);

/** Values below it count as it: a thousandth of whatever the unit is. */
const LEAST = 1e-3;
/** Values above it count as it: 31 years in milliseconds. */
const MOST = 1e12;
const BUCKETS = Math.ceil(Math.log(MOST / LEAST) / LOG_GROWTH) + 1;

/** One step of a cumulative curve. */
export interface CurvePoint {
  readonly value: number;
  /** Of all values, those at or below it. */
  readonly share: number;
}

/**
 * A histogram whose buckets grow by 1 %: any quantile of any number of values from 0.001 to 10¹² within 0.5 % of the exact
 * one, in at most 28 KB, and histograms of parts add up to that of the whole. The bucketing and the bound are those of
 * Masson, Rim and Lee, "DDSketch" (VLDB 12, 2019), with a fixed range in place of collapsing buckets. The live view's
 * `duration-counts` is smaller and ten times as coarse: too coarse to judge one arm by another.
 */
export class LogHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  get count(): number {
    return this.#count;
  }

  /** Exact, but for rounding. NaN where nothing was counted. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  /** Exact. */
  get least(): number {
    return this.#least;
  }

  /** Exact. */
  get most(): number {
    return this.#most;
  }

  /** @param value 0 or more */
  add(value: number): void {
    invariant(value >= 0, 'a histogram counts values of 0 or more');
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
    if (value < this.#least) this.#least = value;
    if (value > this.#most) this.#most = value;
  }

  /** Counts what another one has counted. */
  merge(other: LogHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1)
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#least = Math.min(this.#least, other.#least);
    this.#most = Math.max(this.#most, other.#most);
  }

  /**
   * The value at or below which a share of all lies (nearest rank), within 0.5 %. Undefined where nothing was counted.
   *
   * @param share above 0, at most 1
   */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return this.#told(bucket);
    }
    return this.#most;
  }

  /** The share of values above a bound; values within 1 % of it may stand on either side. 0 where nothing was counted. */
  shareAbove(bound: number): number {
    if (this.#count === 0) return 0;
    let above = 0;
    for (let bucket = bucketOf(bound) + 1; bucket < BUCKETS; bucket += 1) above += this.#counts[bucket] ?? 0;
    return above / this.#count;
  }

  /** The cumulative curve, at every bucket that holds something. */
  curve(): readonly CurvePoint[] {
    const points: CurvePoint[] = [];
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const count = this.#counts[bucket] ?? 0;
      if (count === 0) continue;
      seen += count;
      points.push({ value: this.#told(bucket), share: seen / this.#count });
    }
    return points;
  }

  /** The value nearest to both bounds of a bucket, in relative terms, and never outside of what was seen. */
  #told(bucket: number): number {
    const middle = bucket === 0 ? this.#least : (2 * LEAST * GROWTH ** bucket) / (GROWTH + 1);
    return Math.min(this.#most, Math.max(this.#least, middle));
  }
}

/** Bucket b holds what is above LEAST · GROWTH^(b − 1), up to LEAST · GROWTH^b. */
function bucketOf(value: number): number {
  if (value <= LEAST) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(value / LEAST) / LOG_GROWTH));
}
