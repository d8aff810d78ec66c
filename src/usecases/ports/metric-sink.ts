/** Where metrics go. Publishing never fails a caller: an adapter counts what it lost. */
export interface MetricPoint {
  readonly namespace: string;
  /** A name from the registry in `src/core/metrics`. */
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface MetricSink {
  publish(points: readonly MetricPoint[]): Promise<void>;
}
