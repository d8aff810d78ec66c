/** Evaluates metric math: arithmetic, and the functions that are listed here. Any other is refused by its name. */
import { periodsOf, readSeries, type Series, type Window } from './metric-series.ts';
import type { MetricStore } from './metric-store.ts';
import type { Expression, Sign } from './parse-expression.ts';
import { parseSearchQuery } from './search-query.ts';
import { parseStatistic } from './statistics.ts';

/** A scalar, one series, or several. */
export type MathValue = number | Series | readonly Series[];

export interface MathScope {
  readonly store: MetricStore;
  readonly window: Window;
  /** Of the query itself; searches that name none have this one. */
  readonly periodSeconds: number | undefined;
  /** What another query has come to. Throws for an id that there is none of. */
  readonly resultOf: (id: string) => MathValue;
}

/** AWS gives so many series for a search. */
const SERIES_MAX = 500;
/** A search finds what has reported in the past two weeks. */
const SEARCH_MS_MAX = 14 * 86_400_000;

/** @throws Error that says what cannot be evaluated */
export function evaluateMath(expression: Expression, scope: MathScope): MathValue {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'name') return scope.resultOf(expression.name);
  if (expression.kind === 'array')
    return expression.items.flatMap((item) => seriesOf(evaluateMath(item, scope)));
  if (expression.kind === 'operation')
    return operate(
      expression.sign,
      evaluateMath(expression.left, scope),
      evaluateMath(expression.right, scope),
    );
  if (expression.kind === 'text')
    throw new Error(`a text such as '${expression.value}' stands only inside SEARCH`);
  const evaluate = functions[expression.name];
  if (evaluate === undefined)
    throw new Error(`the function ${expression.name} is not offered by the local AWS`);
  return evaluate(expression.given, scope);
}

const isMany = (value: MathValue): value is readonly Series[] => Array.isArray(value);
const isNothing = (value: MathValue): boolean => isMany(value) && value.length === 0;
const isOne = (value: MathValue): value is Series => typeof value === 'object' && !isMany(value);

function seriesOf(value: MathValue): readonly Series[] {
  if (typeof value === 'number') throw new Error('want time series, got a number');
  return isMany(value) ? value : [value];
}

function operate(sign: Sign, left: MathValue, right: MathValue): MathValue {
  // What a search did not find has no points, and neither has what is made of it.
  if (isNothing(left) || isNothing(right)) return [];
  if (isMany(left) && isMany(right)) throw new Error(`${sign} does not join two arrays of time series`);
  if (isMany(left)) return left.map((each) => operate(sign, each, right) as Series);
  if (isMany(right)) return right.map((each) => operate(sign, left, each) as Series);
  const apply = arithmetic[sign];
  if (isOne(left)) {
    return mapPoints(left, (value, at) => {
      const other = isOne(right) ? right.points.get(at) : right;
      return other === undefined ? undefined : apply(value, other);
    });
  }
  return isOne(right) ? mapPoints(right, (value) => apply(left, value)) : apply(left, right);
}

const arithmetic: Readonly<Record<Sign, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
};

/** What is no finite number, such as a share of nothing, has no point. */
function mapPoints(series: Series, change: (value: number, at: number) => number | undefined): Series {
  const points = new Map<number, number>();
  for (const [at, value] of series.points) {
    const changed = change(value, at);
    if (changed !== undefined && Number.isFinite(changed)) points.set(at, changed);
  }
  return { ...series, points };
}

type MathFunction = (given: readonly Expression[], scope: MathScope) => MathValue;

/** SUM and its like: of several series one, point by point; of one series a number. */
const folding =
  (label: string, fold: (values: readonly number[]) => number): MathFunction =>
  (given, scope) => {
    const value = evaluateMath(onlyOf(given, label), scope);
    if (isOne(value)) return fold([...value.points.values()]);
    const all = seriesOf(value);
    const times = [...new Set(all.flatMap(({ points }) => [...points.keys()]))].sort(
      (left, right) => left - right,
    );
    const [first] = all;
    // What nothing was found for has no series either.
    if (first === undefined) return [];
    const at = (time: number) => all.flatMap(({ points }) => points.get(time) ?? []);
    return {
      label,
      periodSeconds: first.periodSeconds,
      points: new Map(times.map((time) => [time, fold(at(time))])),
    };
  };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const folds = {
  SUM: sum,
  AVG: (values: readonly number[]) => sum(values) / values.length,
  MIN: (values: readonly number[]) => Math.min(...values),
  MAX: (values: readonly number[]) => Math.max(...values),
} as const;

const functions: Readonly<Record<string, MathFunction>> = {
  SUM: folding('SUM', folds.SUM),
  AVG: folding('AVG', folds.AVG),
  MIN: folding('MIN', folds.MIN),
  MAX: folding('MAX', folds.MAX),
  SEARCH: search,
  FILL: fill,
  RATE: (given, scope) => onEach(evaluateMath(onlyOf(given, 'RATE'), scope), rateOf),
  PERIOD: (given, scope) => oneSeries(evaluateMath(onlyOf(given, 'PERIOD'), scope), 'PERIOD').periodSeconds,
  REMOVE_EMPTY: (given, scope) =>
    seriesOf(evaluateMath(onlyOf(given, 'REMOVE_EMPTY'), scope)).filter(({ points }) => points.size > 0),
  SORT: sort,
};

function search(given: readonly Expression[], { store, window, periodSeconds }: MathScope): MathValue {
  const [query, statistic, period] = given;
  if (query?.kind !== 'text' || statistic?.kind !== 'text')
    throw new Error(
      "SEARCH wants a query and a statistic, each in single quotes: SEARCH('{…} …', 'Sum', 300)",
    );
  const fits = parseSearchQuery(query.value);
  const read = parseStatistic(statistic.value);
  if (read === undefined) throw new Error(`SEARCH knows no statistic '${statistic.value}'`);
  const ownSeconds =
    period?.kind === 'number' || period?.kind === 'text' ? Number(period.value) : periodSeconds;
  if (ownSeconds === undefined || !(ownSeconds > 0 && ownSeconds % 60 === 0))
    throw new Error('SEARCH wants a period: a third argument, or the Period of its query, a multiple of 60');
  const found = store
    .list()
    .filter((metric) => metric.lastReportedAtMs > Date.now() - SEARCH_MS_MAX && fits(metric));
  return found.slice(0, SERIES_MAX).map((metric) =>
    readSeries(
      metric,
      {
        label: [metric.name, ...metric.dimensions.map(({ value }) => value)].join(' '),
        periodSeconds: ownSeconds,
        statistic: read,
      },
      window,
    ),
  );
}

/** Periods without data get a number, the value before them, or what lies between their neighbours. */
function fill(given: readonly Expression[], scope: MathScope): MathValue {
  const [what, by] = given;
  if (what === undefined || by === undefined)
    throw new Error('FILL wants series, and a number, REPEAT or LINEAR');
  const way = by.kind === 'name' ? by.name : evaluateMath(by, scope);
  if (typeof way !== 'number' && way !== 'REPEAT' && way !== 'LINEAR')
    throw new Error('FILL wants a number, REPEAT or LINEAR');
  return onEach(evaluateMath(what, scope), (series) => {
    const known = [...series.points];
    const points = new Map<number, number>();
    for (const at of periodsOf(scope.window, series.periodSeconds)) {
      const value = series.points.get(at) ?? filledAt(known, at, way);
      if (value !== undefined) points.set(at, value);
    }
    return { ...series, points };
  });
}

function filledAt(
  known: readonly (readonly [at: number, value: number])[],
  at: number,
  way: number | 'REPEAT' | 'LINEAR',
): number | undefined {
  if (typeof way === 'number') return way;
  const before = known.findLast(([time]) => time < at);
  if (way === 'REPEAT' || before === undefined) return before?.[1];
  const after = known.find(([time]) => time > at);
  if (after === undefined) return undefined;
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
}

/** Change a second, against the point before. */
function rateOf(series: Series): Series {
  const known = [...series.points];
  const points = new Map<number, number>();
  known.forEach(([at, value], index) => {
    const before = known[index - 1];
    if (before !== undefined) points.set(at, (value - before[1]) / (at - before[0]));
  });
  return { ...series, points };
}

function sort(given: readonly Expression[], scope: MathScope): MathValue {
  const [what, by, direction, limit] = given;
  const fold = by?.kind === 'name' && by.name in folds ? folds[by.name as keyof typeof folds] : undefined;
  if (
    what === undefined ||
    fold === undefined ||
    direction?.kind !== 'name' ||
    !/^(ASC|DESC)$/.test(direction.name)
  )
    throw new Error('SORT wants series, SUM, AVG, MIN or MAX, and ASC or DESC');
  const weigh = ({ points }: Series): number => (points.size === 0 ? 0 : fold([...points.values()]));
  const sign = direction.name === 'ASC' ? 1 : -1;
  const sorted = seriesOf(evaluateMath(what, scope)).toSorted(
    (left, right) => sign * (weigh(left) - weigh(right)),
  );
  return sorted.slice(0, limit?.kind === 'number' ? limit.value : sorted.length);
}

function onEach(value: MathValue, change: (series: Series) => Series): MathValue {
  return isOne(value) ? change(value) : seriesOf(value).map(change);
}

function oneSeries(value: MathValue, name: string): Series {
  if (!isOne(value)) throw new Error(`${name} wants one time series`);
  return value;
}

function onlyOf(given: readonly Expression[], name: string): Expression {
  const [only] = given;
  if (only === undefined || given.length !== 1)
    throw new Error(`${name} takes one argument, got ${given.length}`);
  return only;
}
