/** Plays series of metrics to alarms of the catalogue, minute by minute, and tells who called when. */
import type { AlarmDefinition, AlarmMetric, AlarmRule, MetricAlarm } from '#core/alarms/alarm-definition.ts';
import { compileExpression } from './alarm-expression.ts';
import type { Series } from './alarm-series.ts';
import { type AlarmState, RANGE_BEYOND, stateOf } from './alarm-state.ts';

/** By whose it is and its name: `gateway ServiceCalls`, `plan Errors`. What is not there publishes nothing. */
export type Metrics = Readonly<Record<string, Series>>;

export interface Call {
  readonly alarm: string;
  readonly severity: AlarmDefinition['severity'];
  readonly minute: number;
}

const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_WEEK = 7 * 24 * 60;
const HOUR = 60;

/** Whose metric an alarm reads: the first word of its id. */
const seriesKey = ({ id }: Pick<MetricAlarm, 'id'>, { metricName }: AlarmMetric): string =>
  `${id.split('-')[0]} ${metricName}`;

type Judge = (minute: number) => boolean | undefined;

/** Every call between two minutes; states begin OK, and settle before the first of them. */
export function replay(
  catalogue: readonly AlarmDefinition[],
  metrics: Metrics,
  { from, to, settleMinutes }: { readonly from: number; readonly to: number; readonly settleMinutes: number },
): readonly Call[] {
  const states = new Map<string, AlarmState>();
  const watched = catalogue
    .filter((each) => each.kind === 'metric')
    .filter((alarm) => mayGoOff(alarm, metrics))
    .map((alarm) => watch(alarm, metrics));
  const composites = catalogue.filter((each) => each.kind === 'composite');
  const calls: Call[] = [];
  const turn = (alarm: AlarmDefinition, state: AlarmState, minute: number): void => {
    const callsItself = alarm.kind === 'composite' || alarm.partOf === undefined;
    const turned = state === 'ALARM' && states.get(alarm.id) !== 'ALARM';
    if (turned && callsItself && minute >= from)
      calls.push({ alarm: alarm.id, severity: alarm.severity, minute });
    states.set(alarm.id, state);
  };
  for (let minute = from - settleMinutes; minute < to; minute += 1) {
    for (const { alarm, everyMinutes, judge } of watched)
      if (minute % everyMinutes === 0) turn(alarm, judge(minute, states.get(alarm.id) ?? 'OK'), minute);
    for (const composite of composites)
      turn(composite, holds(composite.rule, states) ? 'ALARM' : 'OK', minute);
  }
  return calls;
}

/** What reads only metrics that nobody publishes goes off only where that itself is bad. */
const mayGoOff = (alarm: MetricAlarm, metrics: Metrics): boolean =>
  alarm.missing.treatedAs === 'breaching' ||
  Object.values(alarm.signal.metrics).some((metric) => metrics[seriesKey(alarm, metric)] !== undefined);

function holds(rule: AlarmRule, states: ReadonlyMap<string, AlarmState>): boolean {
  if (typeof rule === 'string') return states.get(rule) === 'ALARM';
  return 'any' in rule
    ? rule.any.some((each) => holds(each, states))
    : rule.all.every((each) => holds(each, states));
}

function watch(alarm: MetricAlarm, metrics: Metrics) {
  const period = alarm.periodSeconds / SECONDS_PER_MINUTE;
  const isBad = remembered(
    alarm.comparison === 'above-band' ? aboveBand(alarm, metrics) : beyondThreshold(alarm, metrics),
  );
  const judged = { ...alarm, missing: alarm.missing.treatedAs };
  return {
    alarm,
    // Windows slide; long ones are looked at less often here than there.
    everyMinutes: period <= 5 ? 1 : period <= HOUR ? 5 : 30,
    judge(minute: number, before: AlarmState): AlarmState {
      const range = alarm.periods + RANGE_BEYOND;
      const points = Array.from({ length: range }, (_, index) =>
        isBad(minute - (range - 1 - index) * period),
      );
      return stateOf(judged, points, before);
    },
  };
}

/** Windows of one alarm overlap: each datapoint is asked for several times. */
function remembered(judge: Judge): Judge {
  const known = new Map<number, boolean | undefined>();
  return (minute) => {
    if (!known.has(minute)) known.set(minute, judge(minute));
    return known.get(minute);
  };
}

/** @returns whether the datapoint that ends at a minute is bad */
function beyondThreshold(alarm: MetricAlarm, metrics: Metrics): Judge {
  const { signal, comparison, threshold } = alarm;
  const read = readersOf(alarm, metrics);
  const [only = ''] = Object.keys(signal.metrics);
  const compute = compileExpression(signal.expression ?? only);
  return (minute) => {
    const value = compute(Object.fromEntries(read.map(([id, at]) => [id, at(minute)])));
    if (value === undefined) return undefined;
    return comparison === 'below' ? value < threshold : value >= threshold;
  };
}

function readersOf(alarm: MetricAlarm, metrics: Metrics) {
  const period = alarm.periodSeconds / SECONDS_PER_MINUTE;
  return Object.entries(alarm.signal.metrics).map(([id, metric]) => {
    const series = metrics[seriesKey(alarm, metric)];
    return [id, (minute: number) => series?.window(metric.statistic, minute - period, minute)] as const;
  });
}

/**
 * A stand-in for CloudWatch's own model, which is not public: the same hour of the two weeks before, with the hours beside
 * it, as mean and standard deviation, and no narrower than a tenth of the mean. Without two weeks there is no band.
 */
function aboveBand(alarm: MetricAlarm, metrics: Metrics): Judge {
  const [[, at]] = readersOf(alarm, metrics) as [readonly [string, (minute: number) => number | undefined]];
  return (minute) => {
    const value = at(minute);
    if (value === undefined) return undefined;
    const past = [1, 2].flatMap((weeks) =>
      [-HOUR, 0, HOUR].map((shift) => at(minute - weeks * MINUTES_PER_WEEK + shift)),
    );
    const known = past.filter((each) => each !== undefined);
    if (known.length < past.length) return undefined;
    const mean = known.reduce((sum, each) => sum + each, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((sum, each) => sum + (each - mean) ** 2, 0) / known.length);
    return value > mean + alarm.threshold * Math.max(deviation, mean / 10);
  };
}
