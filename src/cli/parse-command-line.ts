import { parseArgs } from 'node:util';
import { textWidth, wrapText } from './terminal/wrap-text.ts';
import { UsageError } from './usage-error.ts';

/** One option of a command. Values are texts; a command checks what they mean. */
interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** @default false */
  readonly multiple?: boolean;
  /** How the value reads in the help: `<region>`. */
  readonly value?: string;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  /** After `spillway <name>`, e.g. `<model> [--residency <name>]`. */
  readonly synopsis: string;
  readonly summary: string;
  /** Lines for the help: what the exit code 1 means, examples. */
  readonly notes: readonly string[];
  /** Names of positional arguments; those that end in `?` may be left out. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
}

/** Every command knows these: where the deployment is and how to print. */
const commonOptions: Readonly<Record<string, OptionSpec>> = {
  config: { type: 'string', value: '<file>', help: 'configuration (default: spillway.config.ts)' },
  url: { type: 'string', value: '<url>', help: 'gateway (default: http://127.0.0.1:4000)' },
  key: { type: 'string', value: '<key>', help: 'Spillway key for the gateway (default: sk-local)' },
  'aws-url': { type: 'string', value: '<url>', help: 'local AWS (default: http://127.0.0.1:4566)' },
  profile: {
    type: 'string',
    multiple: true,
    value: '<profile>',
    help: 'AWS profile of a real account instead of local mode; repeat for more accounts',
  },
  json: { type: 'boolean', help: 'print JSON for programs' },
  verbose: { type: 'boolean', help: 'print the audit line of a change too, on stderr' },
  help: { type: 'boolean', help: 'print this help' },
};

/** The options and positional arguments of one call, by name. */
export interface CommandLine {
  text(name: string): string | undefined;
  /** Throws a UsageError that names the option when it is missing. */
  required(name: string): string;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  readonly positionals: readonly string[];
}

/** Throws a UsageError for an option that the command does not have, a missing value, or a wrong count of arguments. */
export function parseCommandLine(spec: CommandSpec, argv: readonly string[]): CommandLine {
  const options = { ...spec.options, ...commonOptions };
  const { values, positionals } = parseStrictly(spec, options, argv);
  const line: CommandLine = {
    text: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    required: (name) => {
      const value = values[name];
      if (typeof value === 'string' && value !== '') return value;
      throw new UsageError(
        `spillway ${spec.name} needs --${name} ${options[name]?.value ?? ''}`.trim() + seeHelp(spec),
      );
    },
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    },
    flag: (name) => values[name] === true,
    positionals,
  };
  if (!line.flag('help')) checkPositionals(spec, positionals);
  return line;
}

function parseStrictly(
  spec: CommandSpec,
  options: Readonly<Record<string, OptionSpec>>,
  argv: readonly string[],
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      { type: option.type, multiple: option.multiple ?? false, ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  );
  try {
    return parseArgs({
      args: withNegativeNumbers(argv, options),
      options: config,
      strict: true,
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${optionComplaint(error, options)}${seeHelp(spec)}`);
  }
}

/** `--requests -5` means what `--requests=-5` means: no option is a number, and the command tells its range better. */
function withNegativeNumbers(
  argv: readonly string[],
  options: Readonly<Record<string, OptionSpec>>,
): string[] {
  const joined: string[] = [];
  for (const [index, word] of argv.entries()) {
    const option = argv[index - 1] ?? '';
    const takesValue = option.startsWith('--') && options[option.slice(2)]?.type === 'string';
    if (takesValue && /^-\d/.test(word)) joined[joined.length - 1] = `${option}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** Node's messages go on about `--`; the first clause, and the nearest option that does exist, are what a person needs. */
function optionComplaint(error: unknown, options: Readonly<Record<string, OptionSpec>>): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown === undefined) return message.split(/\.\s|\n/)[0] ?? message;
  const near = nearestOption(unknown.replace(/^-+/, ''), Object.keys(options));
  return `There is no option ${unknown}${near === undefined ? '' : `; did you mean --${near}?`}`;
}

function nearestOption(name: string, known: readonly string[]): string | undefined {
  return known.find(
    (option) =>
      option.startsWith(name.slice(0, 3)) || (name.length >= 3 && option.includes(name.slice(0, 3))),
  );
}

const seeHelp = (spec: CommandSpec): string => ` (see: spillway ${spec.name} --help)`;

function checkPositionals(spec: CommandSpec, positionals: readonly string[]): void {
  const needed = spec.positionals.filter((name) => !name.endsWith('?'));
  const missing = needed[positionals.length];
  if (missing !== undefined) throw new UsageError(`spillway ${spec.name} needs <${missing}>${seeHelp(spec)}`);
  const surplus = positionals[spec.positionals.length];
  if (surplus !== undefined)
    throw new UsageError(`spillway ${spec.name} does not know what to do with "${surplus}"${seeHelp(spec)}`);
}

/** The help of one command, within `width` columns. */
export function commandHelp(spec: CommandSpec, width: number): readonly string[] {
  const options = Object.entries({ ...spec.options, ...commonOptions }).map(
    ([name, option]) =>
      [`--${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help] as const,
  );
  const nameWidth = Math.max(...options.map(([name]) => textWidth(name)));
  return [
    `spillway ${spec.name} ${spec.synopsis}`.trim(),
    '',
    ...wrapText(spec.summary, width),
    '',
    ...options.flatMap(([name, help]) =>
      wrapText(help, Math.max(20, width - nameWidth - 4)).map(
        (line, index) => `  ${(index === 0 ? name : '').padEnd(nameWidth)}  ${line}`,
      ),
    ),
    '',
    ...spec.notes.flatMap((note) => wrapText(note, width)),
  ];
}
