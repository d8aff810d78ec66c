import { expect, it, onTestFinished } from 'vitest';
import { createEmfGatewayMetrics } from '#adapters/aws/emf-gateway-metrics.ts';
import { openTelemetry, withFlushedSpans } from '#runtime/open-telemetry.ts';
import { aTracedRequest } from '#test/builders/a-traced-request.ts';
import { openOtlpCollector } from '#test/builders/otlp-collector.ts';
import { readPrometheusText } from '#test/builders/prometheus-text.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';

async function opened(otlpEndpoint?: string) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const telemetry = await openTelemetry({ deployment: 'acme', rootShare: 1, otlpEndpoint, write });
  onTestFinished(() => telemetry.close());
  return { telemetry, lines };
}

it('says to Prometheus what a line says to CloudWatch, the moment it is asked', async () => {
  const { telemetry } = await opened();
  const write = (line: string) => telemetry.takeLine(line);
  createEmfGatewayMetrics({ clock: { now: () => 0 }, write }).record(aTracedRequest({}).record);
  telemetry.takeLine('{"level":"info","event":"no metric"}\n');
  const families = readPrometheusText(await telemetry.prometheusText());
  expect(families.get('spillway_Requests_total')?.samples).toEqual([
    { name: 'spillway_Requests_total', labels: { Model: 'chat-small', Tier: 'serverless' }, value: 1 },
  ]);
  expect(families.get('spillway_TenantInputTokens_total')?.samples[0]?.value).toBe(105);
});

it('tells log and metrics of spans that no collector took', async () => {
  const collector = await openOtlpCollector();
  onTestFinished(() => collector.close());
  collector.answerWith(400);
  const { telemetry, lines } = await opened(collector.url);
  telemetry.spans?.ended(aTracedRequest({}));
  await telemetry.flushSpans();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { Event: 'spans-lost', Events: 1 },
    { event: 'spans-lost', requests: 1 },
  ]);
  const events = readPrometheusText(await telemetry.prometheusText()).get('spillway_Events_total');
  expect(events?.samples).toMatchObject([{ labels: { Event: 'spans-lost' }, value: 1 }]);
});

it('has spans sent before a shell is frozen, and waits for a collector no longer than it may', async () => {
  const settledWithin: (number | undefined)[] = [];
  const gateway = {
    settled: async (msMax?: number) => void settledWithin.push(msMax),
  } as unknown as Gateway;
  const hanging = withFlushedSpans(gateway, { flushSpans: () => new Promise(() => undefined) });
  await hanging.settled(1);
  let flushed = false;
  const sending = withFlushedSpans(gateway, {
    flushSpans: async () => {
      flushed = true;
    },
  });
  await sending.settled();
  expect([flushed, settledWithin]).toEqual([true, [1, undefined]]);
});
