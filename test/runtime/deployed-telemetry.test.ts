import { expect, it } from 'vitest';
import { openDeployedTelemetry } from '#runtime/deployed-telemetry.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const place = { region: 'eu-central-1', endpoint: undefined };
const withOtlp = (endpoint: string) => acmeConfig({ observability: { otlp: { endpoint } } });

it('is opened where a collector is configured, and nowhere else', async () => {
  expect(await openDeployedTelemetry({}, { ...place, config: acmeConfig() })).toBeUndefined();
  const config = withOtlp('http://127.0.0.1:4318');
  const telemetry = await openDeployedTelemetry({}, { ...place, config });
  expect(telemetry?.spans?.rootShare).toBe(1);
  await telemetry?.close();
});

it('keeps no gateway from starting by a variable that cannot be used', async () => {
  const lines: string[] = [];
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' };
  const write = (line: string) => void lines.push(line);
  expect(await openDeployedTelemetry(environment, { ...place, config: acmeConfig() }, write)).toBeUndefined();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'telemetry-unusable', reason: expect.stringContaining('got "collector"') },
  ]);
});

it.each(['collector:4318', 'http://collector/', 'ftp://collector', 'http://a b'])(
  'is refused by the schema at %j',
  (endpoint) => {
    expect(() => withOtlp(endpoint)).toThrow(/otlp/);
  },
);
