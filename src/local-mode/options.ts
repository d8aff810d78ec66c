/** What `npm start` was asked to do: flags first, then environment variables, then defaults. */
import { parseArgs } from 'node:util';

export interface LocalModeOptions {
  /** First gateway's port; the others follow. 0 picks a free one for each. */
  readonly port: number;
  /** Port of the local AWS. 0 picks a free one. */
  readonly awsPort: number;
  /** Configuration file, `.ts` or `.json`. Undefined: `spillway.config.ts` if there is one, else the example. */
  readonly configFile?: string | undefined;
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
  --discover-every <s>    seconds between discovery rounds                                   (5)
  --faults <file>         JSON list of fault rules in force before anything starts
  --quiet                 print only the ready line and errors
  --json                  print one JSON object per event
  --help                  print this

Each option has an environment variable: SPILLWAY_PORT, SPILLWAY_AWS_PORT, SPILLWAY_CONFIG,
SPILLWAY_DISCOVER_EVERY, SPILLWAY_FAULTS, SPILLWAY_QUIET=1, SPILLWAY_JSON=1.
`;

const flags = {
  port: { type: 'string' },
  'aws-port': { type: 'string' },
  config: { type: 'string' },
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
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...parameters],
      options: flags,
      strict: true,
      allowPositionals: false,
    }).values;
  } catch (error) {
    return { ok: false, violations: [error instanceof Error ? error.message : String(error)] };
  }
  const violations: string[] = [];
  const text = (flag: keyof typeof flags, variable: string): string | undefined => {
    const given = values[flag] ?? environment[variable];
    return typeof given === 'string' && given !== '' ? given : undefined;
  };
  const number = (
    flag: keyof typeof flags,
    variable: string,
    range: { min: number; max: number; otherwise: number },
  ): number => {
    const given = text(flag, variable);
    if (given === undefined) return range.otherwise;
    const value = Number(given);
    if (Number.isFinite(value) && value >= range.min && value <= range.max) return value;
    violations.push(
      `--${flag} (${variable}): got "${given}", want a number from ${range.min} to ${range.max}`,
    );
    return range.otherwise;
  };
  const port = (flag: 'port' | 'aws-port', variable: string, otherwise: number): number => {
    const value = number(flag, variable, { min: 0, max: 65_535, otherwise });
    if (Number.isInteger(value)) return value;
    violations.push(`--${flag} (${variable}): got ${value}, want a whole number`);
    return otherwise;
  };
  const on = (flag: 'quiet' | 'json', variable: string): boolean =>
    values[flag] === true || environment[variable] === '1';
  const options: LocalModeOptions = {
    port: port('port', 'SPILLWAY_PORT', 4000),
    awsPort: port('aws-port', 'SPILLWAY_AWS_PORT', 4566),
    configFile: text('config', 'SPILLWAY_CONFIG'),
    discoverEverySeconds: number('discover-every', 'SPILLWAY_DISCOVER_EVERY', {
      min: 0.1,
      max: 86_400,
      otherwise: 5,
    }),
    faultsFile: text('faults', 'SPILLWAY_FAULTS'),
    quiet: on('quiet', 'SPILLWAY_QUIET'),
    json: on('json', 'SPILLWAY_JSON'),
    help: values.help === true,
  };
  return violations.length === 0 ? { ok: true, options } : { ok: false, violations };
}
