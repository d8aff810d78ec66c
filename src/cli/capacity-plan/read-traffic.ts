import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseTrace } from '#core/capacity-plan/parse-trace.ts';
import type { Traffic } from '#core/capacity-plan/traffic.ts';
import { trafficOfCalls } from '#core/capacity-plan/traffic-of-calls.ts';
import { trafficOfRate } from '#core/capacity-plan/traffic-of-rate.ts';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { readMetrics } from './read-metrics.ts';
import type { TrafficSource } from './read-options.ts';

export interface ReadTraffic {
  readonly traffic: Traffic;
  /** Where it is from, for people. */
  readonly from: string;
  /** What it does not tell. */
  readonly notes: readonly string[];
  /** p95 of serverless answers where the metrics tell; undefined where nobody measured. */
  readonly serverless?: { readonly firstTokenMs: number; readonly tokenMs: number } | undefined;
}

const VIOLATIONS_SHOWN = 20;
const MEAN_ONLY =
  'Only mean lengths are known: calls that are longer than the mean take more memory and time.';

/** Throws a UsageError with every violation, or a CommandFailure where AWS does not answer. */
export async function readTraffic(
  context: CommandContext,
  source: TrafficSource,
  model: string,
): Promise<ReadTraffic> {
  if (source.kind === 'metrics') {
    const { notes, ...read } = await readMetrics(context, { model, days: source.days });
    return { ...read, notes: [...notes, MEAN_ONLY] };
  }
  if (source.kind === 'trace') return readTrace(context, source);
  const { peakFactor } = source;
  const from =
    peakFactor === 1 ? 'as given, all day' : `as given, with a peak of ${peakFactor} times the mean`;
  return { traffic: trafficOfRate(source), from, notes: [MEAN_ONLY] };
}

function readTrace(
  { runtime }: CommandContext,
  source: Extract<TrafficSource, { readonly kind: 'trace' }>,
): ReadTraffic {
  const { file, columns, unit, binSeconds } = source;
  const parsed = parseTrace(loadText(resolve(runtime.folder, file), file), { columns, unit });
  if (parsed.kind === 'wrong') {
    const shown = parsed.violations
      .slice(0, VIOLATIONS_SHOWN)
      .map(({ place, message }) => `\n  ${place}: ${message}`);
    const more = parsed.violations.length - shown.length;
    throw new UsageError(
      `${file} is not a usable trace:${shown.join('')}${more > 0 ? `\n  and ${more} more` : ''}`,
    );
  }
  return { traffic: trafficOfCalls(parsed.calls, binSeconds), from: `trace ${file}`, notes: [] };
}

function loadText(path: string, file: string): string {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new UsageError(
      `--trace must name a CSV, or one with .gz, that can be read; "${file}" cannot (${error instanceof Error ? error.message : 'unknown'})`,
    );
  }
}
