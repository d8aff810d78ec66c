import { expect, it, onTestFinished } from 'vitest';
import type { LocalModeEvent } from '#local-mode/announce.ts';
import { openLocalTelemetry } from '#local-mode/open-local-telemetry.ts';
import { OpenParts } from '#local-mode/open-parts.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { openOtlpCollector } from '#test/builders/otlp-collector.ts';
import { readPrometheusText } from '#test/builders/prometheus-text.ts';

const awsUrl = 'http://127.0.0.1:9';

function request(asked: { readonly metricsPort?: number; readonly otlpEndpoint?: string }) {
  const told: LocalModeEvent[] = [];
  const parts = new OpenParts();
  onTestFinished(() => parts.close());
  const { metricsPort, otlpEndpoint } = asked;
  return {
    ...{ config: acmeConfig(), awsUrl, parts, told, metricsPort },
    settings: { otlpEndpoint, rootShare: 1 },
    write: () => undefined,
    tell: (event: LocalModeEvent) => void told.push(event),
  };
}

const point = {
  ...{ namespace: 'Spillway/Availability', name: 'DiscoveryAge', unit: 'Seconds' },
  ...{ value: 50, dimensions: { Account: '111111111111' }, at: 0 },
};
const line = `${JSON.stringify({
  _aws: {
    Timestamp: 0,
    CloudWatchMetrics: [
      {
        Namespace: 'Spillway/Gateway',
        Dimensions: [['Model']],
        Metrics: [{ Name: 'WakeUps', Unit: 'Count' }],
      },
    ],
  },
  Model: 'chat',
  WakeUps: 2,
})}\n`;

it('opens nothing where nobody asked', async () => {
  const asked = request({});
  expect(await openLocalTelemetry(asked)).toBeUndefined();
  expect(asked.told).toEqual([]);
});

it('tells a person where Prometheus finds lines and points, and a collector both of them', async () => {
  const collector = await openOtlpCollector();
  onTestFinished(() => collector.close());
  const asked = request({ metricsPort: 0, otlpEndpoint: collector.url });
  const telemetry = await openLocalTelemetry(asked);
  telemetry?.takeLine(line);
  await telemetry?.sink.publish([point]);
  expect(asked.told).toMatchObject([
    { event: 'metrics', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/) },
  ]);
  const [told] = asked.told;
  const answer = await fetch(told?.event === 'metrics' ? told.url : '');
  const families = readPrometheusText(await answer.text());
  expect(families.get('spillway_WakeUps_total')?.samples).toMatchObject([
    { labels: { Model: 'chat' }, value: 2 },
  ]);
  expect(families.get('spillway_DiscoveryAge')?.samples).toMatchObject([
    { labels: { Account: '111111111111' }, value: 50 },
  ]);
  await asked.parts.close();
  expect(collector.violations).toEqual([]);
  expect([...collector.metrics.keys()].toSorted()).toEqual([
    'Spillway/Availability/DiscoveryAge',
    'Spillway/Gateway/WakeUps',
  ]);
});

it('fails on a port that is taken, by the name of the option', async () => {
  const first = request({ metricsPort: 0 });
  await openLocalTelemetry(first);
  const [told] = first.told;
  const port = Number(new URL(told?.event === 'metrics' ? told.url : '').port);
  await expect(openLocalTelemetry(request({ metricsPort: port }))).rejects.toThrow('--metrics-port');
});
