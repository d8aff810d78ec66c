import type * as client from '@aws-sdk/client-cloudwatch';
import { InvalidInput } from '../../wire/wire-error.ts';
import { evaluateMath, type MathValue } from './metric-math.ts';
import { readSeries, type Series, type Window } from './metric-series.ts';
import type { Bucket, Metric, MetricStore } from './metric-store.ts';
import { readToken, writeToken } from './page-token.ts';
import { type Expression, parseExpression } from './parse-expression.ts';
import { parseStatistic } from './statistics.ts';

/** Limits of GetMetricData (API reference). */
const queriesMax = 500;
const datapointsMax = 100_800;
const periodSeconds: ReadonlySet<number> = new Set([1, 5, 10, 20, 30]);

interface StatisticQuery {
  readonly kind: 'statistic';
  readonly metric: Metric | undefined;
  readonly name: string;
  readonly periodSeconds: number;
  readonly unit: string | undefined;
  readonly statistic: (bucket: Bucket) => number | undefined;
}

interface MathQuery {
  readonly kind: 'math';
  readonly expression: Expression;
  /** Of searches that name none. */
  readonly periodSeconds: number | undefined;
}

type Query = (StatisticQuery | MathQuery) & {
  readonly id: string;
  readonly label: string | undefined;
  readonly isReturned: boolean;
};

/** Evaluates statistics of metrics and metric math. Periods are aligned to whole multiples; empty ones have no point. */
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
  const results = evaluateAll(queries, store, { start, end });
  const all = results.flatMap(({ series }, index) => {
    const points = [...series.points];
    return (isAscending ? points : points.reverse()).map((point) => ({ index, point }));
  });
  const from = input.NextToken === undefined ? 0 : readToken(input.NextToken, all.length);
  const page = all.slice(from, from + limit);
  const more = from + limit < all.length;
  return {
    MetricDataResults: results.map(({ id, series }, index) => {
      const points = page.filter((entry) => entry.index === index).map(({ point }) => point);
      const isCut = more && all.slice(from + limit).some((entry) => entry.index === index);
      return {
        Id: id,
        Label: series.label,
        Timestamps: points.map(([at]) => new Date(at * 1000)),
        Values: points.map(([, value]) => value),
        StatusCode: isCut ? 'PartialData' : 'Complete',
      };
    }),
    Messages: [],
    ...(more ? { NextToken: writeToken(from + limit) } : {}),
  };
}

/** What is asked for, in the order of the queries: a search gives as many series as it finds, all with its id. */
function evaluateAll(
  queries: readonly Query[],
  store: MetricStore,
  window: Window,
): readonly { readonly id: string; readonly series: Series }[] {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const known = new Map<string, MathValue | 'under way'>();
  const resultOf = (id: string): MathValue => {
    const before = known.get(id);
    if (before === 'under way') throw new Error(`the expression ${id} asks for itself`);
    if (before !== undefined) return before;
    const query = byId.get(id);
    if (query === undefined) throw new Error(`no query has the id ${id}`);
    known.set(id, 'under way');
    const value = evaluate(query, { store, window, resultOf });
    known.set(id, value);
    return value;
  };
  return queries.flatMap(({ id, label, isReturned }) => {
    try {
      const value = resultOf(id);
      if (!isReturned) return [];
      if (typeof value === 'number') throw new Error('comes to a number, not to time series');
      const all: readonly Series[] = 'points' in value ? [value] : value;
      const own = label === undefined ? {} : { label };
      return all.map((series) => ({ id, series: all.length === 1 ? { ...series, ...own } : series }));
    } catch (error) {
      throw new InvalidInput([
        `Error in expression '${id}': ${error instanceof Error ? error.message : error}`,
      ]);
    }
  });
}

function evaluate(
  query: Query,
  scope: {
    readonly store: MetricStore;
    readonly window: Window;
    readonly resultOf: (id: string) => MathValue;
  },
): MathValue {
  if (query.kind === 'math') {
    return evaluateMath(query.expression, { ...scope, periodSeconds: query.periodSeconds });
  }
  return readSeries(query.metric, { ...query, label: query.label ?? query.name }, scope.window);
}

function readQueries(store: MetricStore, given: readonly client.MetricDataQuery[]): Query[] {
  if (given.length === 0 || given.length > queriesMax) {
    throw new InvalidInput([`MetricDataQueries must hold 1 to ${queriesMax} queries`]);
  }
  const problems: string[] = [];
  if (new Set(given.map(({ Id }) => Id)).size < given.length)
    problems.push('Ids of MetricDataQueries must be unique');
  const queries = given.flatMap((query, index) => readQuery(store, query, { index, problems }));
  if (given.every(({ ReturnData }) => ReturnData === false))
    problems.push('ReturnData must be true for some query');
  if (problems.length > 0) throw new InvalidInput(problems);
  return queries;
}

interface QueryPlace {
  /** `MetricDataQueries.member.1`. */
  readonly at: string;
  readonly problems: string[];
}

function readQuery(
  store: MetricStore,
  query: client.MetricDataQuery,
  { index, problems }: { index: number; problems: string[] },
): Query[] {
  const place: QueryPlace = { at: `MetricDataQueries.member.${index + 1}`, problems };
  const { at } = place;
  if (!/^[a-z]\w{0,254}$/.test(query.Id ?? '')) problems.push(`${at}.Id must match [a-z][a-zA-Z0-9_]*`);
  const { MetricStat: stat, Expression: expression } = query;
  if ((stat === undefined) === (expression === undefined)) {
    problems.push(`${at} must have either MetricStat or Expression`);
    return [];
  }
  const read = stat === undefined ? readMath(query, place) : readStatistic(store, stat, place);
  const common = { id: query.Id ?? '', label: query.Label, isReturned: query.ReturnData !== false };
  return read === undefined ? [] : [{ ...common, ...read }];
}

function readMath(query: client.MetricDataQuery, { at, problems }: QueryPlace): MathQuery | undefined {
  try {
    const expression = parseExpression(query.Expression ?? '');
    return { kind: 'math', expression, periodSeconds: query.Period };
  } catch (error) {
    problems.push(`${at}.Expression: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function readStatistic(
  store: MetricStore,
  stat: client.MetricStat,
  { at, problems }: QueryPlace,
): StatisticQuery | undefined {
  const before = problems.length;
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
  if (statistic === undefined || problems.length > before) return undefined;
  const metric = findMetric(store, stat.Metric ?? {});
  return { kind: 'statistic', metric, name, periodSeconds: period, unit: stat.Unit, statistic };
}

function findMetric(store: MetricStore, { Namespace = '', MetricName = '', Dimensions = [] }: client.Metric) {
  const dimensions = Dimensions.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  return store.find({ namespace: Namespace, name: MetricName, dimensions });
}
