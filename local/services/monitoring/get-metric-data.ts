import type * as client from '@aws-sdk/client-cloudwatch';
import { InvalidInput } from '../../wire/wire-error.ts';
import { type Bucket, emptyBucket, type Metric, type MetricStore, merge } from './metric-store.ts';
import { readToken, writeToken } from './page-token.ts';
import { parseStatistic } from './statistics.ts';

/** Limits of GetMetricData (API reference). */
const queriesMax = 500;
const datapointsMax = 100_800;
const periodSeconds: ReadonlySet<number> = new Set([1, 5, 10, 20, 30]);

interface Query {
  readonly id: string;
  readonly label: string;
  readonly metric: Metric | undefined;
  readonly periodSeconds: number;
  readonly unit: string | undefined;
  readonly statistic: (bucket: Bucket) => number | undefined;
}

type Point = readonly [atSeconds: number, value: number];

/** Evaluates metric statistics. Periods are aligned to whole multiples; empty ones have no point. */
export function getMetricData(
  store: MetricStore,
  input: client.GetMetricDataCommandInput,
): Partial<client.GetMetricDataCommandOutput> {
  const queries = readQueries(store, input.MetricDataQueries ?? []);
  const start = (input.StartTime?.getTime() ?? 0) / 1000;
  const end = (input.EndTime?.getTime() ?? 0) / 1000;
  if (!(start < end)) throw new InvalidInput(['The parameter StartTime must be before EndTime']);
  const limit = input.MaxDatapoints ?? datapointsMax;
  if (!(limit >= 1 && limit <= datapointsMax)) {
    throw new InvalidInput([`MaxDatapoints must be from 1 to ${datapointsMax}`]);
  }
  const isAscending = input.ScanBy === 'TimestampAscending';
  const all = queries.flatMap((query, index) => {
    const points = evaluate(query, start, end);
    return (isAscending ? points : points.reverse()).map((point) => ({ index, point }));
  });
  const from = input.NextToken === undefined ? 0 : readToken(input.NextToken, all.length);
  const page = all.slice(from, from + limit);
  const more = from + limit < all.length;
  return {
    MetricDataResults: queries.map(({ id, label }, index) => {
      const points = page.filter((entry) => entry.index === index).map(({ point }) => point);
      const isCut = more && all.slice(from + limit).some((entry) => entry.index === index);
      return {
        Id: id,
        Label: label,
        Timestamps: points.map(([at]) => new Date(at * 1000)),
        Values: points.map(([, value]) => value),
        StatusCode: isCut ? 'PartialData' : 'Complete',
      };
    }),
    Messages: [],
    ...(more ? { NextToken: writeToken(from + limit) } : {}),
  };
}

function readQueries(store: MetricStore, given: readonly client.MetricDataQuery[]): Query[] {
  if (given.length === 0 || given.length > queriesMax) {
    throw new InvalidInput([`MetricDataQueries must hold 1 to ${queriesMax} queries`]);
  }
  const problems: string[] = [];
  if (new Set(given.map(({ Id }) => Id)).size < given.length)
    problems.push('Ids of MetricDataQueries must be unique');
  const queries = given.flatMap((query, index) => readQuery(store, query, { index, problems }));
  if (problems.length > 0) throw new InvalidInput(problems);
  return queries;
}

function readQuery(
  store: MetricStore,
  query: client.MetricDataQuery,
  { index, problems }: { index: number; problems: string[] },
): Query[] {
  const at = `MetricDataQueries.member.${index + 1}`;
  const before = problems.length;
  if (!/^[a-z]\w{0,254}$/.test(query.Id ?? '')) problems.push(`${at}.Id must match [a-z][a-zA-Z0-9_]*`);
  const { MetricStat: stat } = query;
  if (query.Expression !== undefined || stat === undefined) {
    problems.push(`${at}: only MetricStat queries are offered by the local AWS, no Expression`);
    return [];
  }
  if (query.ReturnData === false)
    problems.push(`${at}.ReturnData false needs an Expression that uses the query`);
  const period = stat.Period ?? 0;
  if (!periodSeconds.has(period) && !(period > 0 && period % 60 === 0)) {
    problems.push(`${at}.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60`);
  }
  const statistic = parseStatistic(stat.Stat ?? '');
  if (statistic === undefined) {
    problems.push(
      `${at}.MetricStat.Stat '${stat.Stat}' must be Sum, Average, Minimum, Maximum, SampleCount or pNN`,
    );
  }
  const name = stat.Metric?.MetricName ?? '';
  if (name === '' || (stat.Metric?.Namespace ?? '') === '')
    problems.push(`${at}.MetricStat.Metric needs Namespace and MetricName`);
  if (statistic === undefined || problems.length > before) return [];
  return [
    {
      id: query.Id ?? '',
      label: query.Label ?? name,
      metric: findMetric(store, stat.Metric ?? {}),
      periodSeconds: period,
      unit: stat.Unit,
      statistic,
    },
  ];
}

function findMetric(store: MetricStore, { Namespace = '', MetricName = '', Dimensions = [] }: client.Metric) {
  const dimensions = Dimensions.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  return store.find({ namespace: Namespace, name: MetricName, dimensions });
}

/** Points in rising time. Both ends are aligned down to the period, as CloudWatch does; the end is exclusive. */
function evaluate(query: Query, start: number, end: number): Point[] {
  const periods = new Map<number, Bucket>();
  const first = Math.floor(start / query.periodSeconds) * query.periodSeconds;
  for (const bucket of query.metric?.buckets.values() ?? []) {
    if (bucket.at < first || bucket.at >= end) continue;
    if (query.unit !== undefined && bucket.unit !== query.unit) continue;
    const at = Math.floor(bucket.at / query.periodSeconds) * query.periodSeconds;
    const period = periods.get(at) ?? emptyBucket(at);
    merge(period, bucket);
    periods.set(at, period);
  }
  const sorted = [...periods.values()]
    .filter(({ count }) => count > 0)
    .sort((left, right) => left.at - right.at);
  return sorted.flatMap((period): Point[] => {
    const value = query.statistic(period);
    return value === undefined ? [] : [[period.at, value]];
  });
}
