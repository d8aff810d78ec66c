import { expect, it } from 'vitest';
import { telemetrySettings } from '#runtime/telemetry-settings.ts';

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318';

it('pushes nothing where nobody names a collector', () => {
  expect(telemetrySettings({})).toEqual({ otlpEndpoint: undefined, rootShare: 1 });
});

it.each([
  [{}, 1],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, 1],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, 0],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }, 1],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.05' }, 0.05],
])('reads OpenTelemetry’s own variables: %j', (variables, rootShare) => {
  expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, ...variables })).toEqual({
    otlpEndpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
    rootShare,
  });
});

it('keeps to the configuration where the environment says nothing', () => {
  const configured = { endpoint: 'http://collector.internal:4318', sampledShare: 0.1 };
  expect(telemetrySettings({}, configured)).toEqual({ otlpEndpoint: configured.endpoint, rootShare: 0.1 });
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER: 'parentbased_always_off' };
  expect(telemetrySettings(variables, configured)).toEqual({
    otlpEndpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
    rootShare: 0,
  });
});

it('names everything that is wrong, and what would be right', () => {
  const wrong = { OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1:4318', OTEL_TRACES_SAMPLER: 'always_on' };
  expect(() => telemetrySettings(wrong)).toThrow(
    /OTEL_EXPORTER_OTLP_ENDPOINT: got "127.0.0.1:4318", want the http[\s\S]*OTEL_TRACES_SAMPLER: got "always_on", want one of/,
  );
  const ratio = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '5 %' };
  expect(() => telemetrySettings(ratio)).toThrow('OTEL_TRACES_SAMPLER_ARG: got "5 %", want a number');
});
