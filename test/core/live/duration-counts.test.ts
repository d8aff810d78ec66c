import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DURATION_BUCKETS,
  DURATION_ERROR_MAX,
  durationAt,
  durationBucket,
} from '#core/live/duration-counts.ts';

const HOUR_MS = 3_600_000;

function countsOf(durations: readonly number[]): Uint32Array {
  const counts = new Uint32Array(DURATION_BUCKETS);
  for (const duration of durations) {
    const bucket = durationBucket(duration);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

function exactAt(durations: readonly number[], share: number): number {
  const sorted = [...durations].sort((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

describe('counts of durations', () => {
  it('tell any percentile within their error, from a millisecond to an hour', () => {
    const durations = fc.array(fc.double({ min: 1, max: HOUR_MS, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, fc.double({ min: 0.001, max: 1, noNaN: true }), (all, share) => {
        const exact = exactAt(all, share);
        const told = durationAt(countsOf(all), share) ?? Number.NaN;
        expect(Math.max(told / exact, exact / told) - 1).toBeLessThanOrEqual(DURATION_ERROR_MAX + 1e-9);
      }),
    );
    expect(DURATION_ERROR_MAX).toBeLessThan(0.05);
  });

  it('are the same whatever the order, and add up over parts', () => {
    const durations = fc.array(fc.double({ min: 0, max: 10 * HOUR_MS, noNaN: true }));
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const together = countsOf([...other, ...one]);
        const [first, second] = [countsOf(one), countsOf(other)];
        expect([...together]).toEqual([...first.map((count, bucket) => count + (second[bucket] ?? 0))]);
      }),
    );
  });

  it('keep what is shorter or longer in the first and the last bucket', () => {
    expect([0, 1, Number.NaN].map(durationBucket)).toEqual([0, 0, 0]);
    expect(durationBucket(Number.POSITIVE_INFINITY)).toBe(DURATION_BUCKETS - 1);
    expect(durationAt(countsOf([0.2]), 0.5)).toBe(1);
    expect(durationAt(new Uint32Array(DURATION_BUCKETS), 0.5)).toBeUndefined();
  });
});
