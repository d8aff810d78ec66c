import { type FullAtMicros, type Rate, takeFrom, unitsIn } from './rate-bucket.ts';

/** What is asked of one bucket. */
export interface BucketDemand {
  readonly bucket: string;
  readonly rate: Rate;
  /** Without these nothing is taken; 0 or more. */
  readonly units: number;
  /** Welcome beside them, as many as there are; 0 or more. */
  readonly ahead: number;
}

/** Units to take, by bucket; undefined when one of the buckets has too few. All or nothing over the buckets. */
export function judgeDemand(
  demands: readonly BucketDemand[],
  question: { readonly fullAt: (bucket: string) => FullAtMicros; readonly at: number },
): readonly number[] | undefined {
  const { fullAt, at } = question;
  const fits = demands.every(
    ({ bucket, rate, units }) => takeFrom(rate, { fullAt: fullAt(bucket), units, at }).granted,
  );
  if (!fits) return undefined;
  return demands.map(({ bucket, rate, units, ahead }) => {
    const left = unitsIn(rate, fullAt(bucket), at) - units;
    return units + Math.max(0, Math.min(ahead, left));
  });
}
