/** A metric's identity: namespace, name and its full set of dimensions. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** Everything known of one second or minute of a metric. Values are kept with their counts, for percentiles. */
export interface Bucket {
  /** Seconds since the epoch. */
  readonly at: number;
  sum: number;
  minimum: number;
  maximum: number;
  count: number;
  readonly values: Map<number, number>;
  /** Some of the data came as statistics, whose single values are not known. */
  opaque: boolean;
}

/** One reported datum. */
export interface Datum {
  readonly atSeconds: number;
  readonly unit: string;
  /** 1 or 60. */
  readonly resolutionSeconds: number;
  readonly values?: readonly (readonly [value: number, count: number])[];
  readonly statistics?: {
    readonly sum: number;
    readonly minimum: number;
    readonly maximum: number;
    readonly count: number;
  };
}

export interface Metric extends MetricIdentity {
  readonly buckets: Map<string, Bucket & { readonly unit: string }>;
  lastReportedAtMs: number;
}

/** Buckets kept of one metric: three days of minutes. Older ones go first. */
const bucketsMax = 4_320;

/** The metrics of one account in one region. */
export class MetricStore {
  readonly #metrics = new Map<string, Metric>();

  add(identity: MetricIdentity, datum: Datum): void {
    const metric = this.#metricOf(identity);
    metric.lastReportedAtMs = Date.now();
    const at = Math.floor(datum.atSeconds / datum.resolutionSeconds) * datum.resolutionSeconds;
    const key = `${at}/${datum.unit}`;
    let bucket = metric.buckets.get(key);
    if (bucket === undefined) {
      bucket = { ...emptyBucket(at), unit: datum.unit };
      metric.buckets.set(key, bucket);
      dropOldest(metric);
    }
    addTo(bucket, datum);
  }

  /** All metrics, in the order of their identity. */
  list(): Metric[] {
    return [...this.#metrics].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, metric]) => metric);
  }

  find(identity: MetricIdentity): Metric | undefined {
    return this.#metrics.get(keyOf(identity));
  }

  #metricOf(identity: MetricIdentity): Metric {
    const key = keyOf(identity);
    let metric = this.#metrics.get(key);
    if (metric === undefined) {
      metric = { ...identity, buckets: new Map(), lastReportedAtMs: 0 };
      this.#metrics.set(key, metric);
    }
    return metric;
  }
}

export function emptyBucket(at: number): Bucket {
  return {
    at,
    sum: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
    count: 0,
    values: new Map(),
    opaque: false,
  };
}

/** Folds one bucket into another. */
export function merge(into: Bucket, from: Bucket): void {
  into.sum += from.sum;
  into.count += from.count;
  into.minimum = Math.min(into.minimum, from.minimum);
  into.maximum = Math.max(into.maximum, from.maximum);
  into.opaque ||= from.opaque;
  for (const [value, count] of from.values) into.values.set(value, (into.values.get(value) ?? 0) + count);
}

function addTo(bucket: Bucket, { values, statistics }: Datum): void {
  if (statistics !== undefined) {
    merge(bucket, { at: bucket.at, values: new Map(), opaque: true, ...statistics });
    return;
  }
  for (const [value, count] of values ?? []) {
    const single = { sum: value * count, minimum: value, maximum: value, count };
    merge(bucket, { at: bucket.at, values: new Map([[value, count]]), opaque: false, ...single });
  }
}

/** Buckets arrive in about the order of their time, so the first to come is the first to go. */
function dropOldest({ buckets }: Metric): void {
  if (buckets.size <= bucketsMax) return;
  for (const key of buckets.keys()) {
    buckets.delete(key);
    return;
  }
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = dimensions.map((dimension) => [dimension.name, dimension.value]).sort();
  return JSON.stringify([namespace, name, sorted]);
}
