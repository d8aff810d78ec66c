/** Metric points as OpenTelemetry's instruments, under the names, units and dimensions of the registry. */
import type { Counter, Gauge, Histogram, Meter, MeterProvider } from '@opentelemetry/api';
import { findMetric, type MetricDefinition } from '#core/metrics/registry.ts';
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';

/** UCUM, as OpenTelemetry writes units. */
const units = { Count: '1', None: '1', Seconds: 's', Milliseconds: 'ms' } as const satisfies Record<
  MetricDefinition['unit'],
  string
>;

/** Up to ten minutes, in milliseconds: first tokens come in tens of them, queues and cold starts take minutes. */
const MILLISECONDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5];
/** Up to the day that a batch may take. */
const SECONDS = [1, 10, 60, 300, 900, 3_600, 10_800, 43_200, 86_400];

type Taker = (value: number, dimensions: Readonly<Record<string, string>>) => void;

/** Points of names that the registry does not hold are left out, as CloudWatch's sink leaves them out. */
export function createOtelMetricSink(provider: MeterProvider): MetricSink {
  const takers = new Map<string, Taker>();
  const takerOf = (point: MetricPoint): Taker | undefined => {
    const key = `${point.namespace}/${point.name}`;
    const known = takers.get(key);
    if (known !== undefined) return known;
    const definition = findMetric(point.namespace, point.name);
    if (definition === undefined) return undefined;
    const made = takerFor(provider.getMeter(point.namespace), definition);
    takers.set(key, made);
    return made;
  };
  return {
    async publish(points) {
      for (const point of points) takerOf(point)?.(point.value, point.dimensions);
    },
  };
}

function takerFor(meter: Meter, { name, unit, meaning, instrument }: MetricDefinition): Taker {
  const described = { description: meaning, unit: units[unit] };
  switch (instrument) {
    case 'counter': {
      const counter: Counter = meter.createCounter(name, described);
      return (value, dimensions) => counter.add(value, dimensions);
    }
    case 'gauge': {
      const gauge: Gauge = meter.createGauge(name, described);
      return (value, dimensions) => gauge.record(value, dimensions);
    }
    case 'histogram': {
      const explicitBucketBoundaries = unit === 'Seconds' ? SECONDS : MILLISECONDS;
      const histogram: Histogram = meter.createHistogram(name, {
        ...described,
        advice: { explicitBucketBoundaries },
      });
      return (value, dimensions) => histogram.record(value, dimensions);
    }
  }
}
