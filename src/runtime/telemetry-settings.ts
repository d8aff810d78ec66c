/** Where spans and metrics are pushed: checked before anything starts. */
import type { SpillwayConfig } from '#contract/config.ts';
import type { Environment } from './environment.ts';

export interface TelemetrySettings {
  /** Base URL of a collector. Undefined: nothing is pushed. */
  readonly otlpEndpoint: string | undefined;
  /** Of the traces that begin here, the share that is recorded: 0 to 1. */
  readonly rootShare: number;
}

/** Those samplers that honour the caller's word; all others would not. */
const samplers = ['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;

/**
 * What OpenTelemetry's variables say, else the configuration.
 *
 * @throws an Error that names every variable that is wrong, and what it should hold
 */
export function telemetrySettings(
  environment: Environment,
  configured?: SpillwayConfig['observability']['otlp'],
): TelemetrySettings {
  const problems: string[] = [];
  const otlpEndpoint = environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? configured?.endpoint;
  const protocol = otlpEndpoint === undefined ? 'http:' : URL.parse(otlpEndpoint)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:')
    problems.push(
      `OTEL_EXPORTER_OTLP_ENDPOINT: got ${JSON.stringify(otlpEndpoint)}, want the http(s) base URL of a collector such as http://127.0.0.1:4318`,
    );
  const saysShare = environment.OTEL_TRACES_SAMPLER === undefined ? configured?.sampledShare : undefined;
  const rootShare = saysShare ?? rootShareOf(environment, problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { otlpEndpoint, rootShare };
}

/** OpenTelemetry's defaults: every trace that begins here, and of a ratio without a number all. */
function rootShareOf(environment: Environment, problems: string[]): number {
  const { OTEL_TRACES_SAMPLER: sampler = samplers[0], OTEL_TRACES_SAMPLER_ARG: ratio = '1' } = environment;
  switch (sampler) {
    case 'parentbased_always_on':
      return 1;
    case 'parentbased_always_off':
      return 0;
    case 'parentbased_traceidratio': {
      const share = Number(ratio);
      if (share >= 0 && share <= 1) return share;
      problems.push(`OTEL_TRACES_SAMPLER_ARG: got ${JSON.stringify(ratio)}, want a number from 0 to 1`);
      return 0;
    }
    default:
      problems.push(
        `OTEL_TRACES_SAMPLER: got ${JSON.stringify(sampler)}, want one of ${samplers.join(', ')}: a caller's own word on sampling is kept`,
      );
      return 0;
  }
}
