import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { silenceAlarmName } from '#core/deploy-waves/silence-alarm.ts';
import type { SpillwayFunction } from '../constructs/spillway-function.ts';
import { createHouseAlarm, type HouseAlarmProps, periodOf } from './house-alarm.ts';

export interface ScheduledFunctionAlarmsProps {
  /** Called by a clock; it keeps its failed calls. */
  readonly watched: SpillwayFunction;
  /** Physical name of the function: names of alarms begin with it. */
  readonly functionName: string;
  /** Its clock. */
  readonly everySeconds: number;
  /** What stands still while it does not run, in a sentence. */
  readonly consequence: string;
  /** Severity of failing and of not running at all; what was put aside and what was throttled waits for the morning. */
  readonly severity: HouseAlarmProps['severity'];
  /** @default - nobody is called */
  readonly topicName?: string | undefined;
}

/** Runs that are looked at, and how many of them must be bad: one that fails is nothing, the next one starts soon. */
const RUNS = 5;
const BAD_RUNS = 3;
/** So many runs that did not even start. */
const SILENT_RUNS = 3;

/** What has to be looked at about a function that runs on a clock: it fails, it is held back, it left calls behind, it is silent. */
export class ScheduledFunctionAlarms extends Construct {
  /** For actions, and for gates of a deployment in waves. */
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ScheduledFunctionAlarmsProps) {
    super(scope, id);
    const { functionName, consequence, severity, topicName } = props;
    const metrics = metricsOf(props);
    const alarm = (
      name: string,
      rest: Omit<HouseAlarmProps, 'alarmName' | 'topicName'>,
      alarmName = `${functionName}-${name.toLowerCase()}`,
    ): Alarm => createHouseAlarm(this, name, { alarmName, topicName, ...rest });
    this.all = [
      alarm('Errors', {
        metric: metrics.errors,
        ...{ threshold: 1, periods: RUNS, badPeriods: BAD_RUNS, silence: 'is-fine', severity },
        meaning: `${BAD_RUNS} of the last ${RUNS} runs of ${functionName} failed. ${consequence}`,
        first: `read the last lines of its log /spillway/${functionName}; then run npx spillway doctor, which tries each of its permissions.`,
      }),
      alarm('Throttles', {
        metric: metrics.throttles,
        ...{ threshold: 1, periods: RUNS, badPeriods: BAD_RUNS, silence: 'is-fine', severity: 'ticket' },
        meaning: `Lambda held runs of ${functionName} back: one takes longer than its clock, or nothing is left of the account's concurrency.`,
        first:
          'compare the Duration of its runs with its schedule; then look at ConcurrentExecutions of the account and at its quota.',
      }),
      ...(metrics.failedCalls === undefined
        ? []
        : [
            alarm('Failed-Calls', {
              metric: metrics.failedCalls,
              ...{ threshold: 1, periods: 1, silence: 'is-fine', severity: 'ticket' },
              meaning: `Calls of ${functionName} failed for good, or could not be delivered. None has to be repeated: later runs see newer facts.`,
              first:
                'read a message of its dead-letter queue (its attributes say what failed) and the log at that time; when the cause is gone purge the queue.',
            }),
          ]),
      alarm(
        'Silent',
        {
          metric: metrics.invocations,
          ...{ threshold: 1, badBelow: true, periods: SILENT_RUNS, silence: 'is-bad', severity },
          meaning: `${functionName} was not called ${SILENT_RUNS} times in a row. ${consequence}`,
          first:
            'look whether its schedule is enabled and whose role it has; then at InvocationDroppedCount and TargetErrorCount of AWS/Scheduler.',
        },
        silenceAlarmName(functionName),
      ),
    ];
  }
}

/** One datapoint for each run. Lambda counts a zero only where there was a run; a queue is looked at over five minutes. */
function metricsOf({ watched, everySeconds }: ScheduledFunctionAlarmsProps) {
  const period = periodOf(everySeconds);
  return {
    errors: watched.metricErrors().with({ period }),
    throttles: watched.metricThrottles().with({ period }),
    failedCalls: watched.metricFailedCallsWaiting()?.with({ period: periodOf(300), statistic: 'Maximum' }),
    invocations: watched.metricInvocations(period),
  };
}
