/** Incidents as the metrics tell of them, and who is to be called: the table of docs/alarms.md is made from these. */
import { type Series, seriesOf } from './alarm-series.ts';

type PerMinute = (minute: number) => number | undefined;
type World = Readonly<Record<string, PerMinute>>;

export interface Incident {
  readonly name: string;
  /** What the metrics do from `START` on, by key; those that are not named go on as on a good day. */
  readonly changes: World;
  readonly minutes: number;
  /** Alarms that are to call, and no other; each once. */
  readonly pages?: readonly string[];
  readonly tickets?: readonly string[];
}

const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A Wednesday noon behind two whole weeks, from which a band can be learned. */
export const START = 2 * WEEK + 2 * DAY + 12 * HOUR;
const LENGTH = START + 8 * DAY;

/** From 0 to below 1, the same on every machine. */
const noise = (minute: number): number => ((minute * 1_103_515_245 + 12_345) % 65_536) / 65_536;
const every =
  (minutes: number, value: number): PerMinute =>
  (minute) =>
    minute % minutes === 0 ? value : undefined;
/** For so long from the start on, then as before. */
const during =
  (minutes: number, then: PerMinute, otherwise: PerMinute): PerMinute =>
  (minute) =>
    minute >= START && minute < START + minutes ? then(minute) : otherwise(minute);
const nothing: PerMinute = () => undefined;
const some = (value: number): number | undefined => (value === 0 ? undefined : value);

/** Calls a minute: a third at night, half on a weekend, Monday begins on the first minute. */
const calls: PerMinute = (minute) => {
  const hour = Math.floor(minute / HOUR) % 24;
  const isNight = hour < 7 || hour >= 20;
  const isWeekend = Math.floor(minute / DAY) % 7 >= 5;
  return Math.round(600 * (isNight ? 1 / 3 : 1) * (isWeekend ? 1 / 2 : 1) * (0.9 + noise(minute) / 5));
};
const ofCalls =
  (share: number): PerMinute =>
  (minute) =>
    some(Math.round((calls(minute) ?? 0) * share));
/** One in two thousand fails on a good day, one in a hundred begins late; a call costs a tenth of a cent. */
const goodFailures: PerMinute = (minute) => (minute % 4 === 0 ? 1 : undefined);
const goodCost: PerMinute = (minute) => (calls(minute) ?? 0) * 0.001;

const goodDay: World = {
  'gateway ServiceCalls': calls,
  'gateway ServiceFailures': goodFailures,
  'gateway SlowStarts': ofCalls(0.01),
  'gateway ServiceCost': goodCost,
  'gateway 5XXError': goodFailures,
  'gateway Invocations': calls,
  'gateway IncomingLogEvents': (minute) => 5 * (calls(minute) ?? 0),
  'discover Invocations': every(1, 1),
  ...Object.fromEntries(['plan', 'verify', 'witness'].map((each) => [`${each} Invocations`, every(5, 1)])),
  'plan DiscoveryAge': every(5, 60),
  'batches ApproximateAgeOfOldestMessage': every(5, 20),
  'bulk ApproximateAgeOfOldestMessage': every(5, 600),
  'audit ApproximateAgeOfOldestMessage': every(5, 30),
};

/** Only what changed is made anew: an incident is some series of many. */
const known = new Map<PerMinute, Series>();
function seriesFor(valueAt: PerMinute): Series {
  const found = known.get(valueAt) ?? seriesOf(LENGTH, valueAt);
  known.set(valueAt, found);
  return found;
}

export function metricsOf({ changes }: Incident): Readonly<Record<string, Series>> {
  return Object.fromEntries(
    Object.entries({ ...goodDay, ...changes }).map(([key, valueAt]) => [key, seriesFor(valueAt)]),
  );
}

/** So large a share of calls fails, as the gateway and its door count it. */
const failing = (minutes: number, share: number): World => ({
  'gateway ServiceFailures': during(minutes, ofCalls(share), goodFailures),
  'gateway 5XXError': during(minutes, ofCalls(share), goodFailures),
});
const slow = (minutes: number, share: number): World => ({
  'gateway SlowStarts': during(minutes, ofCalls(share), ofCalls(0.01)),
});
/** A gateway of which nobody asks much: so many calls at the full hour. */
const quiet = (perHour: number, failures: PerMinute): World => ({
  ...Object.fromEntries(
    ['ServiceCalls', 'Invocations', 'IncomingLogEvents'].map((name) => [
      `gateway ${name}`,
      every(HOUR, perHour),
    ]),
  ),
  ...{ 'gateway ServiceFailures': failures, 'gateway 5XXError': failures },
  ...{ 'gateway SlowStarts': nothing, 'gateway ServiceCost': every(HOUR, perHour * 0.001) },
});
const gone = (key: string, before: PerMinute): World => ({ [key]: during(DAY, nothing, before) });
const SUFFER = 'gateway-callers-suffer';
const STAND_STILL = 'routes-stand-still';

export const incidents: readonly Incident[] = [
  { name: 'a week of its rhythm, from Wednesday noon on', minutes: WEEK, changes: {} },
  {
    name: 'a night in which nobody calls',
    minutes: 9 * HOUR,
    changes: Object.fromEntries(
      Object.entries(goodDay)
        .filter(([key]) => key.startsWith('gateway '))
        .map(([key, before]) => [key, during(8 * HOUR, nothing, before)]),
    ),
  },
  {
    name: 'three calls an hour, of which one fails for a day: nobody gets up',
    minutes: DAY,
    changes: quiet(3, during(DAY, every(HOUR, 1), nothing)),
    tickets: ['gateway-failing-3d'],
  },
  { name: 'a minute in which 3 of 10 calls fail', minutes: 2 * HOUR, changes: failing(1, 0.3) },
  {
    name: 'a minute in which every call fails: a month has 43 of them',
    minutes: 2 * HOUR,
    changes: failing(1, 1),
    pages: [SUFFER],
  },
  {
    name: 'a deployment: two minutes with 8 broken answers each, and the function dies once',
    minutes: 2 * HOUR,
    changes: { ...failing(2, 0.013), 'gateway Errors': during(1, every(1, 1), nothing) },
  },
  {
    name: 'a region is out: half of the calls have no other lawful target',
    minutes: 4 * HOUR,
    changes: {
      ...failing(HOUR, 0.5),
      'discover Errors': during(HOUR, every(1, 1), nothing),
      'regions RegionsSilent': during(HOUR, every(5, 1), nothing),
    },
    pages: [SUFFER],
    tickets: ['discover-errors', 'gateway-failing-3d', 'regions-silent'],
  },
  {
    name: 'a region is out: other regions answer, 1 of 8 answers begins late',
    minutes: 4 * HOUR,
    changes: {
      ...slow(HOUR, 0.125),
      'discover Errors': during(HOUR, every(1, 1), nothing),
      'regions RegionsSilent': during(HOUR, every(5, 1), nothing),
    },
    tickets: ['discover-errors', 'regions-silent'],
  },
  {
    name: 'one model of 5 % of all calls fails',
    minutes: 4 * HOUR,
    changes: failing(HOUR, 0.05),
    pages: [SUFFER],
    tickets: ['gateway-failing-3d'],
  },
  {
    name: 'one model is throttled: 1 % of all calls fail for five hours',
    minutes: 10 * HOUR,
    changes: failing(5 * HOUR, 0.01),
    pages: [SUFFER],
    tickets: ['gateway-failing-3d'],
  },
  {
    name: 'one tenant of 0.3 % of all calls gets nothing but errors of ours',
    minutes: 2 * DAY,
    changes: failing(2 * DAY, 0.003),
    tickets: ['gateway-failing-3d'],
  },
  { name: 'one tenant calls with a wrong key', minutes: DAY, changes: { 'gateway Invocations': ofCalls(2) } },
  {
    name: 'Lambda has no room: 1 of 5 callers is turned away',
    minutes: 2 * HOUR,
    changes: {
      'gateway Throttles': during(HOUR, ofCalls(0.2), nothing),
      'gateway 5XXError': during(HOUR, ofCalls(0.2), goodFailures),
    },
    pages: [SUFFER],
  },
  {
    name: 'the function runs out of memory twice a minute',
    minutes: 2 * HOUR,
    changes: { 'gateway Errors': during(HOUR, every(1, 2), nothing), ...failing(HOUR, 0.0035) },
    tickets: ['gateway-errors'],
  },
  {
    name: 'endpoints wake up: 1 of 3 answers begins late for ten minutes',
    minutes: 2 * HOUR,
    changes: slow(10, 0.35),
  },
  {
    name: 'a provider is slow: 6 of 10 answers begin late for an hour',
    minutes: 4 * HOUR,
    changes: slow(HOUR, 0.6),
    pages: [SUFFER],
  },
  {
    name: 'answers begin later day by day, up to 1 of 8',
    minutes: 6 * DAY,
    changes: {
      'gateway SlowStarts': (minute) =>
        ofCalls(Math.min(0.125, 0.01 + (Math.max(0, minute - START) / DAY) * 0.025))(minute),
    },
    tickets: ['gateway-slow-3d'],
  },
  {
    name: 'answers cost 2 % more each day, up to a fifth above the sum of a day',
    minutes: 8 * DAY,
    changes: {
      'gateway ServiceCost': (minute) => {
        const days = (minute - START) / DAY;
        return (goodCost(minute) ?? 0) * 1.75 * (1 + Math.max(-14, days) * 0.02);
      },
    },
    tickets: ['gateway-cost-day'],
  },
  {
    name: 'a loop: answers cost three times as much from one hour to the next',
    minutes: 8 * HOUR,
    changes: { 'gateway ServiceCost': during(4 * HOUR, (minute) => (goodCost(minute) ?? 0) * 3, goodCost) },
    tickets: ['gateway-cost-unusual'],
  },
  {
    name: 'the log of a gateway stays empty: no metric comes',
    minutes: 4 * HOUR,
    changes: Object.fromEntries(
      ['ServiceCalls', 'ServiceFailures', 'SlowStarts', 'ServiceCost', 'IncomingLogEvents'].map((name) => [
        `gateway ${name}`,
        during(2 * HOUR, nothing, goodDay[`gateway ${name}`] ?? nothing),
      ]),
    ),
    tickets: ['gateway-unmeasured'],
  },
  {
    name: 'nobody calls plan any more',
    minutes: DAY,
    changes: { ...gone('plan Invocations', every(5, 1)), ...gone('plan DiscoveryAge', every(5, 60)) },
    pages: [STAND_STILL],
    tickets: ['plan-unmeasured'],
  },
  {
    name: 'the tables at home cannot be read: plan, verify and discovery fail, gateways answer',
    minutes: DAY,
    changes: {
      'plan Errors': during(2 * HOUR, every(5, 1), nothing),
      'verify Errors': during(2 * HOUR, every(5, 1), nothing),
      'discover Errors': during(2 * HOUR, every(1, 1), nothing),
      'plan DiscoveryAge': during(2 * HOUR, nothing, every(5, 60)),
    },
    pages: [STAND_STILL],
    tickets: ['discover-errors', 'plan-unmeasured', 'verify-errors'],
  },
  {
    name: 'plan fails once',
    minutes: 2 * HOUR,
    changes: { 'plan Errors': during(5, every(5, 1), nothing) },
  },
  {
    name: 'the guard keeps routes that would lose too much',
    minutes: 2 * HOUR,
    changes: { 'guard GuardRefusalsStanding': during(HOUR, every(5, 2), nothing) },
    pages: [STAND_STILL],
  },
  {
    name: 'plan may publish no metrics',
    minutes: 2 * HOUR,
    changes: { 'plan DiscoveryAge': during(HOUR, nothing, every(5, 60)) },
    tickets: ['plan-unmeasured'],
  },
  {
    name: 'discovery of one account is not called any more',
    minutes: DAY,
    changes: {
      ...gone('discover Invocations', every(1, 1)),
      'regions RegionsSilent': (minute) => (minute >= START + 15 ? every(5, 4)(minute) : undefined),
    },
    tickets: ['discover-silent', 'regions-silent'],
  },
  {
    name: 'no dispatcher works: files and lines of batches wait',
    minutes: DAY,
    changes: Object.fromEntries(
      ['batches', 'bulk'].map((queue) => [
        `${queue} ApproximateAgeOfOldestMessage`,
        during(DAY, (minute) => every(5, (minute - START) * 60)(minute), every(5, 20)),
      ]),
    ),
    tickets: ['batches-waits', 'bulk-{model}-waits'],
  },
  {
    name: 'the sealer of the audit trail fails',
    minutes: 4 * HOUR,
    changes: {
      'audit ApproximateAgeOfOldestMessage': during(
        2 * HOUR,
        (minute) => every(5, (minute - START) * 60)(minute),
        every(5, 30),
      ),
    },
    tickets: ['audit-waits'],
  },
  {
    name: 'SQS refuses audit records for a minute',
    minutes: 2 * HOUR,
    changes: { 'audit AuditRecordsUnsent': during(1, every(1, 40), nothing) },
    tickets: ['audit-unsent'],
  },
  {
    name: 'the witness of the audit trail is not called any more',
    minutes: DAY,
    changes: gone('witness Invocations', every(5, 1)),
    tickets: ['witness-silent'],
  },
];
