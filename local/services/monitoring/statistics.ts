import type { Bucket } from './metric-store.ts';

const plain: Readonly<Record<string, (bucket: Bucket) => number>> = {
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
  SampleCount: ({ count }) => count,
};

const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Reads a Stat of CloudWatch: Sum, Average, Minimum, Maximum, SampleCount or pNN. `undefined` for any other. */
export function parseStatistic(stat: string): ((bucket: Bucket) => number | undefined) | undefined {
  const known = plain[stat];
  if (known !== undefined) return known;
  const share = percentile.exec(stat)?.[1];
  return share === undefined ? undefined : (bucket) => percentileOf(bucket, Number(share) / 100);
}

/** The smallest value that at least the given share of the samples do not exceed. */
function percentileOf(bucket: Bucket, share: number): number | undefined {
  // Percentiles need single values; CloudWatch has none for statistic sets but those of one constant value.
  if (bucket.opaque) return bucket.minimum === bucket.maximum ? bucket.minimum : undefined;
  const sorted = [...bucket.values].sort(([left], [right]) => left - right);
  const wanted = share * bucket.count;
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= wanted && count > 0) return value;
  }
  return sorted.at(-1)?.[0];
}
