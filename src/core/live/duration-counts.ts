/**
 * core/live: how the live view of a gateway counts what it saw.
 *
 * Invariant: what is kept of any number of requests has a fixed size, and what is told of it a known error. The folder
 * owns no state: callers keep the counts.
 */

/** How much wider each bucket is than the one before it. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** The first bucket holds all up to a millisecond, the last all from about an hour on: 1.1^158 ms. */
export const DURATION_BUCKETS = 160;

/**
 * A told duration is at most this share away from the one that it stands for, from a millisecond to an hour: √1.1 − 1,
 * since a bucket is told by the geometric mean of its bounds.
 */
export const DURATION_ERROR_MAX = Math.sqrt(GROWTH) - 1;

/** The bucket of a duration in milliseconds, 0 or more. */
export function durationBucket(milliseconds: number): number {
  if (!(milliseconds > 1)) return 0;
  return Math.min(DURATION_BUCKETS - 1, Math.floor(Math.log(milliseconds) / LOG_GROWTH) + 1);
}

/**
 * The duration below or at which a share of what was counted lies (nearest rank), in milliseconds within
 * `DURATION_ERROR_MAX`. Undefined where nothing was counted.
 *
 * @param share above 0, at most 1
 */
export function durationAt(counts: ArrayLike<number>, share: number): number | undefined {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) total += counts[bucket] ?? 0;
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    seen += counts[bucket] ?? 0;
    if (seen >= rank) return toldOf(bucket);
  }
  return undefined;
}

const toldOf = (bucket: number): number => (bucket === 0 ? 1 : GROWTH ** (bucket - 0.5));
