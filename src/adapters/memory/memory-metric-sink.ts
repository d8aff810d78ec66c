/** Metric points in memory: for tests and the simulator. */
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';

export interface MemoryMetricSink extends MetricSink {
  /** Everything published, oldest first. */
  readonly points: readonly MetricPoint[];
}

export function createMemoryMetricSink(): MemoryMetricSink {
  const points: MetricPoint[] = [];
  return {
    points,
    publish: async (more) => {
      points.push(...more);
    },
  };
}
