/**
 * Alarms on how fast an error budget is spent, by two windows each: the long one says that it matters, the short one that
 * it goes on. Rates and windows of availability are those of Google's SRE Workbook, chapter 5, "Alerting on SLOs", table 5-8
 * (https://sre.google/workbook/alerting-on-slos/).
 */
import type { AlarmMetric, AlarmSettings, MetricAlarm } from './alarm-definition.ts';
import { nothingHappened } from './missing-data.ts';

interface BurnWindow {
  readonly name: string;
  readonly seconds: number;
  /** How many times faster than the budget allows. */
  readonly rate: number;
  /** Fewer bad calls in it are single ones, whatever share of a quiet hour they are. */
  readonly badMin: number;
}

/** Enough to be more than single calls at night. */
const BAD_CALLS_MIN = 10;
const long = (name: string, seconds: number, rate: number): BurnWindow => ({
  name,
  seconds,
  rate,
  badMin: BAD_CALLS_MIN,
});
const short = (name: string, seconds: number, rate: number): BurnWindow => ({
  name,
  seconds,
  rate,
  badMin: 1,
});

/** Two in a hundred of a month's budget in an hour. */
export const failingFast = [long('1h', 3_600, 14.4), short('5m', 300, 14.4)] as const;
/** Five in a hundred of it in six hours. */
export const failingSlowly = [long('6h', 21_600, 6), short('30m', 1_800, 6)] as const;
/** A tenth of it in three days. */
const leaking = long('3d', 259_200, 1);
/**
 * Answers that begin late have a budget of 5 %: 14.4 times that would be three answers in four. Three in ten for an hour is
 * what callers complain of.
 */
export const slowNow = [long('1h', 3_600, 6), short('5m', 300, 6)] as const;

const gatewayMetric = (metricName: string): AlarmMetric => ({
  ...{ namespace: 'Spillway/Gateway', metricName, dimensions: [], statistic: 'Sum' },
});

interface Objective {
  readonly id: 'failing' | 'slow';
  readonly badMetric: string;
  readonly budgetShare: number;
  readonly badCalls: string;
  readonly causes: readonly string[];
  readonly first: string;
}

export function burnRateAlarms({ availability, firstTokenShare }: AlarmSettings): readonly MetricAlarm[] {
  const failing: Objective = {
    id: 'failing',
    badMetric: 'ServiceFailures',
    budgetShare: 1 - availability,
    badCalls: "calls that failed for a reason that is not the caller's",
    causes: [
      'every lawful target of a model fails, throttles or is full',
      'a route lost its targets and its baseline does not answer',
      'a bad version of the gateway',
    ],
    first: 'npx spillway explain <model> --residency <residency> says which targets are left and why.',
  };
  const slow: Objective = {
    id: 'slow',
    badMetric: 'SlowStarts',
    budgetShare: 1 - firstTokenShare,
    badCalls: 'answers that began later than is meant for their model (slo.firstTokenMs)',
    causes: [
      'a provider answers slowly in a region, or its quota is near',
      'dedicated copies are full or asleep, and calls wait for them or go on to the next tier',
      'prompts have become longer',
    ],
    first: 'npx spillway explain <model> --residency <residency> says what is full, ejected or asleep.',
  };
  return [
    ...[...failingFast, ...failingSlowly].map((window) => burnAlarm(failing, window)),
    burnAlarm(failing, leaking),
    ...slowNow.map((window) => burnAlarm(slow, window)),
    burnAlarm(slow, leaking),
  ];
}

/** Thresholds without binary dust. */
const rounded = (share: number): number => Math.round(share * 1e6) / 1e6;

function burnAlarm(objective: Objective, window: BurnWindow): MetricAlarm {
  const { id, badMetric, budgetShare, badCalls, causes, first } = objective;
  const isTicket = window === leaking;
  return {
    kind: 'metric',
    id: `gateway-${id}-${window.name}`,
    place: 'each gateway region',
    severity: isTicket ? 'ticket' : 'page',
    owner: 'platform',
    meaning: `In ${window.name} ${badCalls} were ${window.rate} times as many as the objective allows.`,
    causes,
    first,
    runbook: `callers-suffer.md#${id}`,
    signal: {
      metrics: { bad: gatewayMetric(badMetric), calls: gatewayMetric('ServiceCalls') },
      expression: `IF(FILL(bad, 0) >= ${window.badMin}, FILL(bad, 0) / calls, 0)`,
    },
    ...{ periodSeconds: window.seconds, periods: 1, badPeriods: 1, comparison: 'at-or-above' },
    threshold: rounded(window.rate * budgetShare),
    missing: nothingHappened('Without calls nobody waits for an answer, and the gateway leaves zeros out.'),
    ...(isTicket ? {} : { partOf: 'gateway-callers-suffer' }),
  };
}
