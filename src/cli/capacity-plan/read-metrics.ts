import type { Traffic, TrafficBin } from '#core/capacity-plan/traffic.ts';
import { trafficOfBins } from '#core/capacity-plan/traffic-of-bins.ts';
import type { MetricReader } from '#runtime/cli-runtime.ts';
import type { CommandContext } from '../command.ts';
import { openAws, openConfig } from '../open-deployment.ts';
import { CommandFailure } from '../usage-error.ts';

const NAMESPACE = 'Spillway/Gateway';
const tiers = ['dedicated', 'serverless', 'baseline'] as const;
const DAY_SECONDS = 86_400;
/** CloudWatch keeps minutes for 15 days, five minutes for 63. */
const MINUTES_DAYS_MAX = 2;

type Summed = 'requests' | 'inputTokens' | 'outputTokens';
const summed: readonly (readonly [Summed, string])[] = [
  ['requests', 'Requests'],
  ['inputTokens', 'InputTokens'],
  ['outputTokens', 'OutputTokens'],
];

interface MetricsRead {
  readonly traffic: Traffic;
  readonly from: string;
  readonly notes: readonly string[];
  readonly serverless: { readonly firstTokenMs: number; readonly tokenMs: number } | undefined;
}

/** What the gateways of all regions counted of a model, from the first period with a call until now. */
export async function readMetrics(
  context: CommandContext,
  { model, days }: { readonly model: string; readonly days: number },
): Promise<MetricsRead> {
  const config = await openConfig(context);
  const aws = await openAws(context, config);
  const places = config.gateways.map((region) => ({
    region,
    account: config.accounts.find(({ regions }) => regions.includes(region))?.id ?? config.home.account,
  }));
  try {
    const unreached = places.filter(({ account }) => !aws.reaches(account));
    if (unreached.length > 0)
      throw new CommandFailure(
        `No --profile opens ${[...new Set(unreached.map(({ account }) => account))].join(', ')}, where gateways count; the traffic would be too small. Name a profile of each.`,
      );
    const periodSeconds = days <= MINUTES_DAYS_MAX ? 60 : 300;
    const window = windowOf(context.runtime.now() / 1_000, { days, periodSeconds });
    const read = await Promise.all(
      places.map(async (place) => {
        const reader = context.runtime.openMetrics(aws, place);
        try {
          return await readPlace(reader, { model, window, periodSeconds });
        } catch (error) {
          throw metricsFailure(context, place, error);
        } finally {
          reader.close();
        }
      }),
    );
    const bins = binsOf(
      read.flatMap(({ sums }) => sums),
      { ...window, periodSeconds },
    );
    return {
      traffic: trafficOfBins(bins),
      from: `metrics of ${places.map(({ region }) => region).join(', ')} over ${days} day${days === 1 ? '' : 's'} at the most`,
      notes: ['Metrics count all residencies of the model together.'],
      serverless: slowest(read.flatMap(({ serverless }) => serverless ?? [])),
    };
  } finally {
    aws.close();
  }
}

/** What nobody reaches is told as for the tables; the rest is CloudWatch’s own. */
function metricsFailure(
  { runtime }: CommandContext,
  { account, region }: { readonly account: string; readonly region: string },
  error: unknown,
): unknown {
  const { kind, name, message } = runtime.failureOf(error);
  if (kind === 'unreachable') return error;
  return new CommandFailure(
    `The metrics of ${account} in ${region} cannot be read (${name}: ${message}). The credentials need cloudwatch:GetMetricData.`,
    error,
  );
}

interface Window {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Begins with a whole period. The end is now: what is not over yet counts as long as it has lasted. */
function windowOf(
  nowSeconds: number,
  { days, periodSeconds }: { readonly days: number; readonly periodSeconds: number },
): Window {
  const start = nowSeconds - days * DAY_SECONDS;
  return { startSeconds: Math.ceil(start / periodSeconds) * periodSeconds, endSeconds: nowSeconds };
}

interface SummedValue {
  readonly what: Summed;
  readonly atSeconds: number;
  readonly value: number;
}

async function readPlace(
  reader: MetricReader,
  question: { readonly model: string; readonly window: Window; readonly periodSeconds: number },
) {
  const { model, window, periodSeconds } = question;
  const wanted = summed.flatMap(([what, name]) => tiers.map((tier) => ({ what, name, tier })));
  const of = (name: string, tier: string) => ({
    namespace: NAMESPACE,
    name,
    dimensions: { Model: model, Tier: tier },
  });
  const series = wanted.map(({ name, tier }) => ({ ...of(name, tier), statistic: 'Sum', periodSeconds }));
  const whole = {
    statistic: 'p95',
    periodSeconds: Math.ceil((window.endSeconds - window.startSeconds) / 60) * 60,
  };
  const latencies = ['TimeToFirstToken', 'TimePerOutputToken'].map((name) => ({
    ...of(name, 'serverless'),
    ...whole,
  }));
  const values = await reader.loadSeries([...series, ...latencies], window);
  const sums = wanted.flatMap(({ what }, index) =>
    (values[index] ?? []).map(({ atSeconds, value }): SummedValue => ({ what, atSeconds, value })),
  );
  const [first, later] = values
    .slice(series.length)
    .map((each) => Math.max(...each.map(({ value }) => value)));
  const known = Number.isFinite(first) && Number.isFinite(later);
  return { sums, serverless: known ? { firstTokenMs: first ?? 0, tokenMs: later ?? 0 } : undefined };
}

function binsOf(
  sums: readonly SummedValue[],
  { endSeconds, periodSeconds }: Window & { readonly periodSeconds: number },
): readonly TrafficBin[] {
  const begin = Math.min(...sums.map(({ atSeconds }) => atSeconds));
  if (!Number.isFinite(begin)) return [];
  const count = Math.max(1, Math.ceil((endSeconds - begin) / periodSeconds));
  const bins = Array.from({ length: count }, (_, index) => {
    const seconds = Math.min(periodSeconds, Math.max(1, endSeconds - begin - index * periodSeconds));
    return { seconds, requests: 0, inputTokens: 0, outputTokens: 0 };
  });
  for (const { what, atSeconds, value } of sums) {
    const bin = bins[Math.round((atSeconds - begin) / periodSeconds)];
    if (bin !== undefined) bin[what] += value;
  }
  return bins;
}

/** The slowest region counts: its users are promised the same. */
function slowest(
  all: readonly { readonly firstTokenMs: number; readonly tokenMs: number }[],
): MetricsRead['serverless'] {
  if (all.length === 0) return undefined;
  return {
    firstTokenMs: Math.max(...all.map(({ firstTokenMs }) => firstTokenMs)),
    tokenMs: Math.max(...all.map(({ tokenMs }) => tokenMs)),
  };
}
