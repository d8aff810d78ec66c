import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SpillwayFunction } from '../constructs/spillway-function.ts';
import { createHouseAlarm, type HouseAlarmProps } from './house-alarm.ts';

export interface GatewayAlarmsProps {
  /** Physical name of the gateway's function: names of alarms begin with it. */
  readonly functionName: string;
  readonly gateway: SpillwayFunction;
  /** Answers 5xx as callers see them, a minute each. */
  readonly serverErrors: IMetric;
  /** @default - nobody is called */
  readonly topicName?: string | undefined;
}

/** Minutes that are looked at, and how many of them must be bad: what passes by itself within them calls nobody. */
const MINUTES = 5;
const BAD_MINUTES = 3;
/** Fewer in a minute are single targets that broke in the middle of an answer. */
const SERVER_ERRORS = 10;

/** What callers feel: they get 5xx, they are turned away, or the function dies under them. */
export class GatewayAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: GatewayAlarmsProps) {
    super(scope, id);
    const { functionName, gateway, serverErrors, topicName } = props;
    const alarm = (
      name: string,
      rest: Pick<HouseAlarmProps, 'metric' | 'threshold' | 'severity' | 'meaning' | 'first'>,
    ): Alarm =>
      createHouseAlarm(this, name, {
        alarmName: `${functionName}-${name.toLowerCase()}`,
        ...{ periods: MINUTES, badPeriods: BAD_MINUTES, silence: 'is-fine', topicName },
        ...rest,
      });
    this.all = [
      alarm('Server-Errors', {
        ...{ metric: serverErrors, threshold: SERVER_ERRORS, severity: 'page' },
        meaning: `${SERVER_ERRORS} and more callers a minute got a 5xx: every lawful target of some request failed, or the gateway itself did.`,
        first:
          'npx spillway explain <model> --residency <residency> says which targets are left and why; then look in the log for outcomes and codes.',
      }),
      alarm('Throttles', {
        ...{ metric: gateway.metricThrottles(), threshold: 1, severity: 'page' },
        meaning:
          'Lambda turned callers away: every environment that the gateway may have is busy, or nothing is left of the concurrency of the account.',
        first:
          'compare ConcurrentExecutions with what is reserved (gatewayFunction.reservedConcurrency) and with the quota of the account; raise what is full.',
      }),
      alarm('Errors', {
        ...{ metric: gateway.metricErrors(), threshold: 1, severity: 'ticket' },
        meaning:
          'The function ended without an answer of its own: it ran out of time or memory, or could not start.',
        first: `look in /spillway/${functionName} for "Task timed out", "OutOfMemory" or "Runtime." at that time.`,
      }),
    ];
  }
}
