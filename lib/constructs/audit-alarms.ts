import { Duration } from 'aws-cdk-lib';
import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricNamespaces } from '#contract/resources.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { invariant } from '#core/units/invariant.ts';
import { createHouseAlarm, type HouseAlarmProps } from '../monitoring/house-alarm.ts';
import { messagesWaiting, oldestMessageSeconds } from '../monitoring/queue-metrics.ts';

export interface AuditAlarmsProps {
  /** Where records wait to be sealed. */
  readonly queue: Queue;
  readonly deadQueue: Queue;
  /**
   * The topic in their account and region that hears of them, by name.
   * @default - nobody is called
   */
  readonly topicName?: string | undefined;
  readonly region: string;
}

/** A sealer takes what waits within a minute. */
const UNSEALED_SECONDS = 900;
const PERIOD = Duration.minutes(5);

/**
 * What has to be looked at although nobody complains: no caller notices a record that is missing.
 */
export class AuditAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { queue, deadQueue, region, topicName }: AuditAlarmsProps) {
    super(scope, id);
    const alarm = (name: string, rest: Omit<HouseAlarmProps, 'silence' | 'topicName'>): Alarm =>
      // A queue that nothing came to for hours tells nothing, and a record that was sent neither.
      createHouseAlarm(this, name, { ...rest, silence: 'is-fine', topicName });
    const unsealed = alarm('Unsealed', {
      alarmName: `${queue.queueName}-waits`,
      metric: oldestMessageSeconds(queue),
      threshold: UNSEALED_SECONDS,
      periods: 3,
      severity: 'ticket',
      meaning: 'Records of decisions have waited 15 minutes to be sealed; the queue keeps them for 14 days.',
      first:
        'look at the log of the sealer for audit-seal-failed, then at whether S3, DynamoDB or the key refuse it.',
    });
    const dead = alarm('Dead', {
      alarmName: deadQueue.queueName,
      metric: messagesWaiting(deadQueue),
      threshold: 1,
      periods: 1,
      severity: 'ticket',
      meaning: 'Records of decisions were put aside after 100 tries, and are gone after 14 days.',
      first:
        'look at the log of the sealer for audit-message-unfit and audit-seal-failed; when the cause is gone move them back with a redrive.',
    });
    const unsent = alarm('Unsent', {
      alarmName: `${queue.queueName}-unsent`,
      metric: unsentMetric(region),
      threshold: 1,
      periods: 1,
      severity: 'ticket',
      meaning:
        'Gateways could not hand over records of decisions. Each stands in their log as audit-record-unsent.',
      first:
        'send its message to the queue before the log forgets it, and the gap is filled (docs/guides/audit.md).',
    });
    this.all = [unsealed, dead, unsent];
  }
}

/** Records that gateways could not hand over, as they publish it: under another name it would tell nothing, and the alarm would be silent. */
export function unsentMetric(region: string): Metric {
  const [namespace, metricName] = [metricNamespaces.gateway, 'AuditRecordsUnsent'];
  const dimensions = findMetric(namespace, metricName)?.dimensions;
  invariant(dimensions?.join() === 'Region', `${metricName} is a metric of a region's gateways`);
  return new Metric({
    ...{ namespace, metricName, period: PERIOD, statistic: 'Sum' },
    dimensionsMap: { Region: region },
  });
}
