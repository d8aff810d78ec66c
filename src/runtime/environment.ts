/**
 * The one reader of the process's environment. Everything the product takes from it stands in this list; a variable
 * that is empty counts as absent.
 */
import { environmentNames } from '#contract/resources.ts';

const names = [
  environmentNames.config,
  environmentNames.account,
  environmentNames.region,
  environmentNames.keyPepper,
  environmentNames.previousKeyPepper,
  /** One origin that stands for every AWS service: the local stand-in, or an emulator. */
  'AWS_ENDPOINT_URL',
  /** Where a function's files lie. */
  'LAMBDA_TASK_ROOT',
  /** Where a Web Function listens, `host:port`. */
  'AWS_LAMBDA_HTTP_ENDPOINT',
  /** Where an OpenTelemetry collector listens: the base URL. */
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'SPILLWAY_PORT',
  /** Where Prometheus reads metrics. */
  'SPILLWAY_METRICS_PORT',
  'SPILLWAY_AWS_PORT',
  'SPILLWAY_DISCOVER_EVERY',
  'SPILLWAY_FAULTS',
  'SPILLWAY_QUIET',
  'SPILLWAY_JSON',
  /** The key that the command line shows to a gateway. */
  'SPILLWAY_KEY',
  /** The file that keeps the audit lines of the command line. */
  'SPILLWAY_AUDIT_LOG',
  'NO_COLOR',
  'FORCE_COLOR',
  'COLUMNS',
] as const;

type EnvironmentName = (typeof names)[number];

export type Environment = Readonly<Partial<Record<EnvironmentName, string>>>;

/** @param source for tests; the process's own otherwise */
export function readEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const found: Partial<Record<EnvironmentName, string>> = {};
  for (const name of names) {
    const value = source[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}
