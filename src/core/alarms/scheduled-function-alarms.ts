import type {
  AlarmOwner,
  AlarmPlace,
  AlarmSettings,
  AlarmSeverity,
  MetricAlarm,
} from './alarm-definition.ts';
import { nothingHappened, shouldHaveCome } from './missing-data.ts';

/** Functions that a clock calls. */
export type ScheduledFunctionKind = 'discover' | 'plan' | 'verify' | 'witness';

interface ScheduledFunction {
  readonly kind: ScheduledFunctionKind;
  readonly place: AlarmPlace;
  readonly owner: AlarmOwner;
  /** Of failing and of not running at all; what was put aside and what was throttled waits for the morning. */
  readonly severity: AlarmSeverity;
  /** What stands still while it does not run. */
  readonly consequence: string;
  readonly runbook: string;
  /** The composite that calls for its errors and its silence. @default - each calls by itself */
  readonly partOf?: string;
}

const functions: readonly ScheduledFunction[] = [
  {
    ...{ kind: 'plan', place: 'home', owner: 'platform', severity: 'page' },
    consequence: 'Routes stay as they are: gateways go on, and learn of no new target and no lost one.',
    runbook: 'routes-stand-still.md#plan',
    partOf: 'routes-stand-still',
  },
  {
    ...{
      kind: 'discover',
      place: 'each observed account and region',
      owner: 'account owner',
      severity: 'ticket',
    },
    consequence: 'Nothing new is learned of {place}: its last known targets stay in routes.',
    runbook: 'discovery.md#discover',
  },
  {
    ...{ kind: 'verify', place: 'home', owner: 'platform', severity: 'ticket' },
    consequence: 'New targets and idle baselines are proved by nobody but callers.',
    runbook: 'discovery.md#verify',
  },
  {
    ...{ kind: 'witness', place: 'home', owner: 'platform', severity: 'ticket' },
    consequence:
      'Whoever may delete what the audit trail holds can take its end away unseen. Its log says audit-root-ahead where somebody did.',
    runbook: 'audit.md#witness',
  },
];

/** Runs that are looked at, and how many of them must be bad: one that fails is nothing, the next one starts soon. */
const RUNS = 5;
const BAD_RUNS = 3;
/** So many runs that did not even start. */
const SILENT_RUNS = 3;
const FIVE_MINUTES = 300;
const SECONDS_PER_MINUTE = 60;

/** CloudWatch counts in minutes: a period in which something that happens every so many seconds happens at least once. */
const wholeMinutes = (everySeconds: number): number =>
  Math.max(1, Math.ceil(everySeconds / SECONDS_PER_MINUTE)) * SECONDS_PER_MINUTE;

const lambda = (metricName: string) =>
  ({ namespace: 'AWS/Lambda', metricName, dimensions: ['FunctionName'], statistic: 'Sum' }) as const;

/** It fails, it is held back, it left calls behind, it is silent: a datapoint is a run. */
export function scheduledFunctionAlarms(settings: AlarmSettings): readonly MetricAlarm[] {
  return functions.flatMap((each) => {
    const everySeconds =
      each.kind === 'discover' ? settings.discoverEverySeconds : settings.controlEverySeconds;
    const period = wholeMinutes(everySeconds);
    return [errorsOf(each, period), throttlesOf(each, period), failedCallsOf(each), silenceOf(each, period)];
  });
}

const common = ({ place, owner, runbook }: ScheduledFunction) =>
  ({ kind: 'metric', place, owner, runbook }) as const;
const called = ({ partOf }: ScheduledFunction) => (partOf === undefined ? {} : { partOf });

function errorsOf(each: ScheduledFunction, periodSeconds: number): MetricAlarm {
  return {
    ...common(each),
    ...called(each),
    id: `${each.kind}-errors`,
    severity: each.severity,
    meaning: `${BAD_RUNS} of the last ${RUNS} runs of ${each.kind} failed. ${each.consequence}`,
    causes: [
      'a permission is missing or a key refuses',
      'the tables at home cannot be reached',
      'a bad version',
    ],
    first:
      'read the last lines of its log /spillway/{function}; then run npx spillway doctor, which tries each of its permissions.',
    signal: { metrics: { errors: lambda('Errors') } },
    ...{ periodSeconds, periods: RUNS, badPeriods: BAD_RUNS, comparison: 'at-or-above', threshold: 1 },
    missing: nothingHappened(
      'Lambda counts errors only where there was a run; runs that never came are another alarm.',
    ),
  };
}

function throttlesOf(each: ScheduledFunction, periodSeconds: number): MetricAlarm {
  return {
    ...common(each),
    id: `${each.kind}-throttles`,
    severity: 'ticket',
    meaning: `Lambda held runs of ${each.kind} back: one takes longer than its clock, or nothing is left of the account's concurrency.`,
    causes: [
      'another function of the account takes all its concurrency',
      'AWS answers slowly, so that a run meets the next one',
    ],
    first:
      'compare the Duration of its runs with its schedule; then look at ConcurrentExecutions of the account and at its quota.',
    signal: { metrics: { throttles: lambda('Throttles') } },
    ...{ periodSeconds, periods: RUNS, badPeriods: BAD_RUNS, comparison: 'at-or-above', threshold: 1 },
    missing: nothingHappened('Lambda counts throttles only where it was called.'),
  };
}

function failedCallsOf(each: ScheduledFunction): MetricAlarm {
  return {
    ...common(each),
    id: `${each.kind}-failed-calls`,
    severity: 'ticket',
    meaning: `Calls of ${each.kind} failed for good, or could not be delivered. None has to be repeated: later runs see newer facts.`,
    causes: ['a run failed three times', 'the schedule may not call the function'],
    first:
      'read a message of its dead-letter queue (its attributes say what failed) and the log at that time; when the cause is gone purge the queue.',
    signal: {
      metrics: {
        waiting: {
          namespace: 'AWS/SQS',
          metricName: 'ApproximateNumberOfMessagesVisible',
          dimensions: ['QueueName'],
          statistic: 'Maximum',
        },
      },
    },
    ...{ periodSeconds: FIVE_MINUTES, periods: 1, badPeriods: 1, comparison: 'at-or-above', threshold: 1 },
    missing: nothingHappened('A queue that nothing came to for hours tells nothing.'),
  };
}

function silenceOf(each: ScheduledFunction, periodSeconds: number): MetricAlarm {
  return {
    ...common(each),
    ...called(each),
    id: `${each.kind}-silent`,
    severity: each.severity,
    meaning: `${each.kind} was not called ${SILENT_RUNS} times in a row. ${each.consequence}`,
    causes: [
      'its schedule is disabled or gone',
      'the role of the schedule may not call it',
      'the Scheduler of the region is away',
    ],
    first:
      'look whether its schedule is enabled and whose role it has; then at InvocationDroppedCount and TargetErrorCount of AWS/Scheduler.',
    signal: { metrics: { invocations: lambda('Invocations') } },
    ...{ periodSeconds, periods: SILENT_RUNS, badPeriods: SILENT_RUNS, comparison: 'below', threshold: 1 },
    missing: shouldHaveCome(
      'Lambda counts no zero for a function that nobody called: the missing datapoint is the sign.',
    ),
  };
}
