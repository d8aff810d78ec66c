import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished } from 'vitest';
import { createOtelMetricSink } from '#adapters/otel/otel-metric-sink.ts';

it('adds up counters, keeps the latest of gauges, spreads times over buckets, and leaves out what nobody registered', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  const sink = createOtelMetricSink(provider);
  const gateway = { namespace: 'Spillway/Gateway', unit: 'Count', at: 0 };
  const own = { Model: 'chat', Tier: 'serverless' };
  await sink.publish([
    { ...gateway, name: 'Requests', value: 1, dimensions: own },
    { ...gateway, name: 'Requests', value: 2, dimensions: own },
    { ...gateway, name: 'TimeToFirstToken', value: 90, dimensions: own },
    { ...gateway, name: 'Invented', value: 1, dimensions: own },
    {
      ...gateway,
      namespace: 'Spillway/Availability',
      name: 'DiscoveryAge',
      value: 50,
      dimensions: { Account: '1' },
    },
    {
      ...gateway,
      namespace: 'Spillway/Availability',
      name: 'DiscoveryAge',
      value: 8,
      dimensions: { Account: '1' },
    },
  ]);
  await provider.forceFlush();
  const metrics = exporter
    .getMetrics()
    .flatMap((each) => each.scopeMetrics.flatMap((scope) => scope.metrics));
  const told = Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [descriptor.name, [descriptor.unit, dataPoints[0]?.value]]),
  );
  expect(told).toMatchObject({
    Requests: ['1', 3],
    TimeToFirstToken: [
      'ms',
      { count: 1, sum: 90, buckets: { boundaries: expect.arrayContaining([60_000]) } },
    ],
    DiscoveryAge: ['s', 8],
  });
  expect(Object.keys(told)).not.toContain('Invented');
});
