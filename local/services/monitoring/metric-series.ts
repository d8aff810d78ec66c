/** Values of one metric over time, as a query sees them. */
import { type Bucket, emptyBucket, type Metric, merge } from './metric-store.ts';

/** What is asked about: seconds since the epoch, the end exclusive. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

export interface Series {
  readonly label: string;
  readonly periodSeconds: number;
  /** By the second in which the period begins, rising. Periods without data have none. */
  readonly points: ReadonlyMap<number, number>;
}

interface Reading {
  readonly label: string;
  readonly periodSeconds: number;
  readonly unit?: string | undefined;
  readonly statistic: (bucket: Bucket) => number | undefined;
}

/** Both ends are aligned down to the period, as CloudWatch does. */
export function readSeries(metric: Metric | undefined, reading: Reading, { start, end }: Window): Series {
  const { label, periodSeconds, unit, statistic } = reading;
  const periods = new Map<number, Bucket>();
  const first = Math.floor(start / periodSeconds) * periodSeconds;
  for (const bucket of metric?.buckets.values() ?? []) {
    if (bucket.at < first || bucket.at >= end) continue;
    if (unit !== undefined && bucket.unit !== unit) continue;
    const at = Math.floor(bucket.at / periodSeconds) * periodSeconds;
    const period = periods.get(at) ?? emptyBucket(at);
    merge(period, bucket);
    periods.set(at, period);
  }
  const points = new Map<number, number>();
  for (const period of [...periods.values()].sort((left, right) => left.at - right.at)) {
    const value = period.count > 0 ? statistic(period) : undefined;
    if (value !== undefined) points.set(period.at, value);
  }
  return { label, periodSeconds, points };
}

/** Every period that begins inside the window. */
export function periodsOf({ start, end }: Window, periodSeconds: number): readonly number[] {
  const first = Math.floor(start / periodSeconds) * periodSeconds;
  return Array.from(
    { length: Math.max(0, Math.ceil((end - first) / periodSeconds)) },
    (_, n) => first + n * periodSeconds,
  );
}
