import { afterEach, expect, it } from 'vitest';
import { createOtelTelemetry, type OtelTelemetryOptions } from '#adapters/otel/otel-telemetry.ts';
import { metricRegistry } from '#core/metrics/registry.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { aTracedRequest } from '#test/builders/a-traced-request.ts';
import { type OtlpCollector, openOtlpCollector } from '#test/builders/otlp-collector.ts';
import { readPrometheusText } from '#test/builders/prometheus-text.ts';
import type { MetricPoint } from '#usecases/ports/metric-sink.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(options: Partial<OtelTelemetryOptions> = {}) {
  const lost: number[] = [];
  const onSpansLost = (requests: number) => void lost.push(requests);
  const telemetry = createOtelTelemetry({ deployment: 'acme', rootShare: 1, onSpansLost, ...options });
  closing.push(() => telemetry.close());
  return { ...telemetry, lost };
}

async function collecting(): Promise<OtlpCollector> {
  const collector = await openOtlpCollector();
  closing.push(() => collector.close());
  return collector;
}

/** A point of every metric that there is. */
const points: readonly MetricPoint[] = metricRegistry.map(({ namespace, name, unit, dimensions }) => ({
  ...{ namespace, name, unit, at: 0, value: 12.5 },
  dimensions: Object.fromEntries(dimensions.map((each) => [each, `a "${each}"\\ of\nours`])),
}));

it('says every metric of the registry in Prometheus’s format, under its name', async () => {
  const { sink, prometheusText } = open();
  await sink.publish([...points, ...points]);
  const families = readPrometheusText(await prometheusText());
  for (const { name, instrument, dimensions, meaning } of metricRegistry) {
    const family = families.get(`spillway_${name}${instrument === 'counter' ? '_total' : ''}`);
    expect([name, family?.type]).toEqual([name, instrument]);
    expect(family?.help).toBe(meaning);
    const [sample] = family?.samples ?? [];
    for (const dimension of dimensions) expect(sample?.labels[dimension]).toBe(`a "${dimension}"\\ of\nours`);
    const expected = { counter: 25, gauge: 12.5, histogram: 2 }[instrument];
    expect(family?.samples.find((each) => !/_(bucket|sum)$/.test(each.name))?.value).toBe(expected);
  }
});

it('pushes the same names to a collector, and spans beside them', async () => {
  const collector = await collecting();
  const telemetry = open({ otlpEndpoint: `${collector.url}/` });
  await telemetry.sink.publish(points);
  telemetry.spans?.ended(aTracedRequest({ targets: [aTarget()] }));
  await telemetry.close();
  expect(collector.violations).toEqual([]);
  expect(telemetry.lost).toEqual([]);
  expect([...collector.metrics.keys()].sort()).toEqual(
    metricRegistry.map(({ namespace, name }) => `${namespace}/${name}`).sort(),
  );
  for (const { namespace, name, instrument } of metricRegistry)
    expect(collector.metrics.get(`${namespace}/${name}`)?.kind).toBe(instrument);
  expect(collector.spans.map(({ name }) => name)).toEqual(['chat chat-small']);
  for (const said of ['"spillway-gateway"', '"acme"', '"service.instance.id"'])
    expect(collector.bodies.every((body) => body.includes(said))).toBe(true);
});

it('counts the spans that a collector refuses, and goes on with the next ones', async () => {
  const collector = await collecting();
  const telemetry = open({ otlpEndpoint: collector.url });
  collector.answerWith(400);
  for (let index = 0; index < 3; index += 1) telemetry.spans?.ended(aTracedRequest({}));
  await telemetry.flushSpans();
  expect(telemetry.lost).toEqual([3]);
  collector.answerWith(200);
  telemetry.spans?.ended(aTracedRequest({}));
  await telemetry.flushSpans();
  expect(collector.spans).toHaveLength(1);
  expect(telemetry.lost).toEqual([3]);
});

it('takes no spans where nobody collects them', () => {
  expect(open().spans).toBeUndefined();
});
