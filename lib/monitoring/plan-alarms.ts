import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNamespaces } from '#contract/resources.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { invariant } from '#core/units/invariant.ts';
import { createHouseAlarm, type HouseAlarmProps, periodOf } from './house-alarm.ts';

export interface PlanAlarmsProps {
  /** Names of alarms begin with it. */
  readonly deployment: string;
  /** The clock of plan, which publishes the metrics. */
  readonly everySeconds: number;
  /** @default - nobody is called */
  readonly topicName?: string | undefined;
}

/** Runs of plan in a row: what passes by itself within them is nobody's work. */
const RUNS = 3;

/** What plan says about routes that nobody complains of yet: all answers still come. */
export class PlanAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { deployment, everySeconds, topicName }: PlanAlarmsProps) {
    super(scope, id);
    const alarm = (
      name: string,
      metricName: string,
      rest: Pick<HouseAlarmProps, 'periods' | 'severity' | 'meaning' | 'first'>,
    ): Alarm =>
      createHouseAlarm(this, metricName, {
        alarmName: `${deployment}-${name}`,
        metric: planMetric(metricName, everySeconds),
        threshold: 1,
        // The metric leaves zeros out.
        silence: 'is-fine',
        topicName,
        ...rest,
      });
    this.all = [
      alarm('guard-refusals-standing', 'GuardRefusalsStanding', {
        ...{ periods: 1, severity: 'page' },
        meaning:
          'The guard has kept routes as they were for three runs and fifteen minutes: they would lose too much, or break residency. It never passes by itself.',
        first:
          'npx spillway history <model> says which route and why; publish it with npx spillway publish if the loss is real, else mend discovery.',
      }),
      alarm('regions-silent', 'RegionsSilent', {
        ...{ periods: RUNS, severity: 'ticket' },
        meaning:
          'Regions have sent no report for longer than guard.ageSecondsMax. Their last known targets stay in routes, marked stale.',
        first:
          'npx spillway availability says which; look at the alarms of their Discovery stacks. A region that is gone for good leaves by npx spillway release-region.',
      }),
      alarm('bad-items', 'BadItems', {
        ...{ periods: RUNS, severity: 'ticket' },
        meaning: 'Items of the tables cannot be read (shape, checksum, schema) and are ignored.',
        first:
          'look for who writes the tables beside the product or runs a newer version; the log of plan names the items.',
      }),
    ];
  }
}

/** One of the registry, which plan publishes without dimensions. */
function planMetric(metricName: string, everySeconds: number): Metric {
  const namespace = metricNamespaces.availability;
  const known = findMetric(namespace, metricName);
  invariant(known?.writer === 'plan' && known.dimensions.length === 0, `${metricName} is a metric of plan`);
  return new Metric({ namespace, metricName, statistic: 'Maximum', period: periodOf(everySeconds) });
}
