/** What `npm start` was asked to do: flags first, then environment variables, then defaults. */
import { parseArgs } from 'node:util';

export interface LocalModeOptions {
  /** First gateway's port; the others follow. 0 picks a free one for each. */
  readonly port: number;
  /** Port of the local AWS. 0 picks a free one. */
  readonly awsPort: number;
  /** Configuration file, `.ts` or `.json`. Undefined: `spillway.config.ts` if there is one, else the example. */
  readonly configFile?: string | undefined;
  /** Port of `GET /metrics`. 0 picks a free one. Undefined: there is none. */
  readonly metricsPort?: number | undefined;
  readonly discoverEverySeconds: number;
  /** File of fault rules that are in force before anything starts. */
  readonly faultsFile?: string | undefined;
  /** Print nothing but the ready line and errors. */
  readonly quiet: boolean;
  /** Print one JSON object per event instead of text. */
  readonly json: boolean;
  readonly help: boolean;
}

export type OptionsResult =
  | { readonly ok: true; readonly options: LocalModeOptions }
  | { readonly ok: false; readonly violations: readonly string[] };

export const localModeHelp = `npm start -- [options]

Runs Spillway on this machine: a local AWS, discovery, planning and one gateway per gateway region.

  --port <n>              port of the first gateway, the others follow; 0 picks free ones   (4000)
  --aws-port <n>          port of the local AWS; 0 picks a free one                          (4566)
  --config <file>         configuration, .ts or .json          (spillway.config.ts, else examples/acme.config.ts)
  --metrics-port <n>      port of GET /metrics for Prometheus; 0 picks a free one            (none)
  --discover-every <s>    seconds between discovery rounds                                   (5)
  --faults <file>         JSON list of fault rules in force before anything starts
  --quiet                 print only the ready line and errors
  --json                  print one JSON object per event
  --help                  print this

Each option has an environment variable: SPILLWAY_PORT, SPILLWAY_AWS_PORT, SPILLWAY_CONFIG,
SPILLWAY_METRICS_PORT, SPILLWAY_DISCOVER_EVERY, SPILLWAY_FAULTS, SPILLWAY_QUIET=1, SPILLWAY_JSON=1.
Spans and metrics go to the OpenTelemetry collector that OTEL_EXPORTER_OTLP_ENDPOINT names.
`;

const flagTypes = {
  port: { type: 'string' },
  'aws-port': { type: 'string' },
  config: { type: 'string' },
  'metrics-port': { type: 'string' },
  'discover-every': { type: 'string' },
  faults: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** The environment variables above, by name; nothing else of the environment is read. */
export type LocalModeEnvironment = Readonly<Record<string, string | undefined>>;

export function parseLocalModeOptions(
  parameters: readonly string[],
  environment: LocalModeEnvironment,
): OptionsResult {
  let flags: GivenFlags;
  try {
    flags = parseArgs({
      args: [...parameters],
      options: flagTypes,
      strict: true,
      allowPositionals: false,
    }).values;
  } catch (error) {
    return { ok: false, violations: [error instanceof Error ? error.message : String(error)] };
  }
  const given = new GivenOptions(flags, environment);
  const options: LocalModeOptions = {
    port: given.port('port', 'SPILLWAY_PORT', 4000),
    awsPort: given.port('aws-port', 'SPILLWAY_AWS_PORT', 4566),
    configFile: given.text('config', 'SPILLWAY_CONFIG'),
    metricsPort: given.optionalPort('metrics-port', 'SPILLWAY_METRICS_PORT'),
    discoverEverySeconds: given.number('discover-every', 'SPILLWAY_DISCOVER_EVERY', {
      min: 0.1,
      max: 86_400,
      otherwise: 5,
    }),
    faultsFile: given.text('faults', 'SPILLWAY_FAULTS'),
    quiet: given.on('quiet', 'SPILLWAY_QUIET'),
    json: given.on('json', 'SPILLWAY_JSON'),
    help: flags.help === true,
  };
  const { violations } = given;
  return violations.length === 0 ? { ok: true, options } : { ok: false, violations };
}

type Flag = keyof typeof flagTypes;
type GivenFlags = { readonly [flag in Flag]?: string | boolean | undefined };

/** What a flag says, else its environment variable, else the default; what is wrong with them is gathered. */
class GivenOptions {
  readonly violations: string[] = [];
  readonly #flags: GivenFlags;
  readonly #environment: LocalModeEnvironment;

  constructor(flags: GivenFlags, environment: LocalModeEnvironment) {
    this.#flags = flags;
    this.#environment = environment;
  }

  text(flag: Flag, variable: string): string | undefined {
    const given = this.#flags[flag] ?? this.#environment[variable];
    return typeof given === 'string' && given !== '' ? given : undefined;
  }

  number(
    flag: Flag,
    variable: string,
    { min, max, otherwise }: { readonly min: number; readonly max: number; readonly otherwise: number },
  ): number {
    const given = this.text(flag, variable);
    if (given === undefined) return otherwise;
    const value = Number(given);
    if (Number.isFinite(value) && value >= min && value <= max) return value;
    this.violations.push(`--${flag} (${variable}): got "${given}", want a number from ${min} to ${max}`);
    return otherwise;
  }

  optionalPort(flag: 'metrics-port', variable: string): number | undefined {
    return this.text(flag, variable) === undefined ? undefined : this.port(flag, variable, 0);
  }

  port(flag: 'port' | 'aws-port' | 'metrics-port', variable: string, otherwise: number): number {
    const value = this.number(flag, variable, { min: 0, max: 65_535, otherwise });
    if (Number.isInteger(value)) return value;
    this.violations.push(`--${flag} (${variable}): got ${value}, want a whole number`);
    return otherwise;
  }

  on(flag: 'quiet' | 'json', variable: string): boolean {
    return this.#flags[flag] === true || this.#environment[variable] === '1';
  }
}
