import type { SpeedPoint } from '#core/capacity-plan/engine-speed.ts';
import type { ArrivalUnit, TraceColumns } from '#core/capacity-plan/parse-trace.ts';
import { PEAK_FACTOR_MAX } from '#core/capacity-plan/traffic-of-rate.ts';
import { numberOf } from '../order-options.ts';
import type { CommandLine } from '../parse-command-line.ts';
import { UsageError } from '../usage-error.ts';

/** Where the traffic comes from. */
export type TrafficSource =
  | {
      readonly kind: 'trace';
      readonly file: string;
      readonly columns: TraceColumns;
      readonly unit: ArrivalUnit;
      readonly binSeconds: number;
    }
  | { readonly kind: 'metrics'; readonly days: number }
  | {
      readonly kind: 'rate';
      readonly requestsPerSecond: number;
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly peakFactor: number;
    };

/** What somebody measured of their own engine, or pays, instead of the facts. */
interface OwnFigures {
  readonly prefillTokensPerSecond: number | undefined;
  readonly tokenMs: readonly SpeedPoint[] | undefined;
  readonly instanceUsdPerHour: number | undefined;
}

export interface PlanOptions {
  readonly source: TrafficSource;
  readonly instanceTypes: readonly string[];
  readonly gpusPerCopy: number | undefined;
  readonly kvTokensPerCopy: number | undefined;
  readonly own: OwnFigures;
  readonly firstTokenMs: number | undefined;
  readonly tokenMs: number | undefined;
  readonly inputUsdPerMillion: number | undefined;
  readonly outputUsdPerMillion: number | undefined;
  readonly spillShareMax: number | undefined;
}

const DEFAULT_COLUMNS: TraceColumns = {
  arrival: 'arrival_s',
  input: 'input_tokens',
  output: 'output_tokens',
};
const DAY_SECONDS = 86_400;
const TOKENS_MAX = 100_000_000;
/** A call in eleven days; for less, or none, nobody plans copies. */
const REQUESTS_PER_SECOND_MIN = 0.000_001;

/** Everything that can be said wrong by the options alone, at once. Throws a UsageError. */
export function readPlanOptions(line: CommandLine): PlanOptions {
  const wrong: string[] = [];
  const number = numbersOf(line, wrong);
  const options: PlanOptions = {
    source: sourceOf(line, number, wrong),
    instanceTypes: line.texts('instance-type'),
    gpusPerCopy: number('gpus-per-copy', { least: 1, most: 1_024, whole: true }),
    kvTokensPerCopy: number('kv-tokens-per-copy', { least: 16, most: TOKENS_MAX, whole: true }),
    own: {
      prefillTokensPerSecond: number('prefill-tokens-per-second', { least: 1, most: 1e9 }),
      tokenMs: tokenPointsOf(line.text('output-token-ms'), wrong),
      instanceUsdPerHour: number('instance-usd-per-hour', { least: 0, most: 10_000 }),
    },
    firstTokenMs: number('first-token-p95-ms', { least: 1, most: 900_000 }),
    tokenMs: number('token-p95-ms', { least: 0.1, most: 60_000 }),
    inputUsdPerMillion: number('input-usd-per-million', { least: 0, most: 100_000 }),
    outputUsdPerMillion: number('output-usd-per-million', { least: 0, most: 100_000 }),
    spillShareMax: number('spill-share-max', { least: 0, most: 1 }),
  };
  const ownUsed = Object.values(options.own).some((value) => value !== undefined);
  if (ownUsed && options.instanceTypes.length !== 1)
    wrong.push(
      `--instance-type must be given once with --prefill-tokens-per-second, --output-token-ms or --instance-usd-per-hour, not ${options.instanceTypes.length} times: they are of one place`,
    );
  if ((options.inputUsdPerMillion === undefined) !== (options.outputUsdPerMillion === undefined))
    wrong.push('--input-usd-per-million and --output-usd-per-million must be given together');
  if (wrong.length > 0) throw new UsageError(wrong.join('; '));
  return options;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

type ReadNumber = (name: string, range: Range) => number | undefined;

function numbersOf(line: CommandLine, wrong: string[]): ReadNumber {
  return (name, { least, most, whole = false }) => {
    const text = line.text(name);
    if (text === undefined) return undefined;
    const value = numberOf(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    wrong.push(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${text}"`);
    return undefined;
  };
}

function sourceOf(line: CommandLine, number: ReadNumber, wrong: string[]): TrafficSource {
  const trace = line.text('trace');
  const rate = {
    requestsPerSecond: number('requests-per-second', { least: REQUESTS_PER_SECOND_MIN, most: 1_000_000 }),
    inputTokens: number('input-tokens', { least: 1, most: TOKENS_MAX }),
    outputTokens: number('output-tokens', { least: 1, most: TOKENS_MAX }),
    peakFactor: number('peak-factor', { least: 1, most: PEAK_FACTOR_MAX }),
  };
  const days = number('days', { least: 1, most: 60, whole: true });
  const binSeconds = number('bin-seconds', { least: 1, most: DAY_SECONDS });
  const given = [
    trace === undefined ? '' : '--trace',
    line.flag('from-metrics') ? '--from-metrics' : '',
    line.text('requests-per-second') === undefined ? '' : '--requests-per-second',
  ].filter((name) => name !== '');
  if (given.length !== 1)
    wrong.push(
      `name one source of traffic: --trace <file>, --from-metrics, or --requests-per-second with --input-tokens and --output-tokens; got ${given.length === 0 ? 'none' : given.join(' and ')}`,
    );
  const columns = columnsOf(line.text('columns'), wrong);
  const unit = unitOf(line.text('arrival-unit') ?? 'seconds', wrong);
  if (trace !== undefined) return { kind: 'trace', file: trace, columns, unit, binSeconds: binSeconds ?? 60 };
  if (line.flag('from-metrics')) return { kind: 'metrics', days: days ?? 7 };
  if (given.length === 1) {
    for (const name of ['input-tokens', 'output-tokens'])
      if (line.text(name) === undefined) wrong.push(`--${name} is needed with --requests-per-second`);
  }
  const { requestsPerSecond = 0, inputTokens = 1, outputTokens = 1, peakFactor = 1 } = rate;
  return { kind: 'rate', requestsPerSecond, inputTokens, outputTokens, peakFactor };
}

const columnNames = ['arrival', 'input', 'output'] as const;

function columnsOf(text: string | undefined, wrong: string[]): TraceColumns {
  if (text === undefined) return DEFAULT_COLUMNS;
  const pairs = text.split(',').map((pair) => pair.split('='));
  const bad = pairs.filter(([name, column = '']) => !isColumnName(name) || column === '');
  if (bad.length > 0)
    wrong.push(
      `--columns must be such as arrival=TIMESTAMP,input=ContextTokens,output=GeneratedTokens, not "${text}"`,
    );
  return { ...DEFAULT_COLUMNS, ...Object.fromEntries(pairs) };
}

const isColumnName = (name: string | undefined): boolean => columnNames.some((known) => known === name);

const units = ['seconds', 'milliseconds', 'date'] as const;

function unitOf(text: string, wrong: string[]): ArrivalUnit {
  const unit = units.find((known) => known === text);
  if (unit === undefined) wrong.push(`--arrival-unit must be ${units.join(', ')}, not "${text}"`);
  return unit ?? 'seconds';
}

/** `1:27,32:46.5`: rising numbers of requests, and milliseconds that do not fall. */
function tokenPointsOf(text: string | undefined, wrong: string[]): readonly SpeedPoint[] | undefined {
  if (text === undefined) return undefined;
  const points = text.split(',').map((pair): SpeedPoint => {
    const [running = '', ms = '', more] = pair.split(':');
    return [numberOf(running), more === undefined ? numberOf(ms) : Number.NaN];
  });
  const rises = points.every(([at, ms], index) => {
    const [atBefore, msBefore] = points[index - 1] ?? [0, 0];
    return Number.isInteger(at) && at > atBefore && ms >= msBefore && ms > 0;
  });
  if (points.length >= 2 && rises) return points;
  wrong.push(
    `--output-token-ms must be two pairs of requests:milliseconds or more, both rising, such as 1:27,32:46.5, not "${text}": one request alone says nothing of a batch`,
  );
  return undefined;
}
