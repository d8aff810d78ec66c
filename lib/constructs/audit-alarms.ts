import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricNamespaces } from '#contract/resources.ts';
import { callTopic } from '../monitoring/house-alarm.ts';

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
  readonly #topicName: string | undefined;

  constructor(scope: Construct, id: string, { queue, deadQueue, region, topicName }: AuditAlarmsProps) {
    super(scope, id);
    this.#topicName = topicName;
    const unsealed = this.alarm('Unsealed', {
      name: `${queue.queueName}-waits`,
      metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
      threshold: UNSEALED_SECONDS,
      periods: 3,
      description:
        'Records of decisions have waited 15 minutes to be sealed; the queue keeps them for 14 days. First look at the log of the sealer for audit-seal-failed, then at whether S3, DynamoDB or the key refuse it.',
    });
    const dead = this.alarm('Dead', {
      name: deadQueue.queueName,
      metric: deadQueue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
      threshold: 1,
      periods: 1,
      description:
        'Records of decisions were put aside after 100 tries, and are gone after 14 days. First look at the log of the sealer for audit-message-unfit and audit-seal-failed; when the cause is gone move them back with a redrive.',
    });
    const unsent = this.alarm('Unsent', {
      name: `${queue.queueName}-unsent`,
      metric: new Metric({
        namespace: metricNamespaces.gateway,
        metricName: 'AuditRecordsUnsent',
        dimensionsMap: { Region: region },
        period: PERIOD,
        statistic: 'Sum',
      }),
      threshold: 1,
      periods: 1,
      description:
        'Gateways could not hand over records of decisions. Each stands in their log as audit-record-unsent; send its message to the queue before the log forgets it, and the gap is filled (docs/guides/audit.md).',
    });
    this.all = [unsealed, dead, unsent];
  }

  private alarm(
    id: string,
    of: {
      readonly name: string;
      readonly metric: IMetric;
      readonly threshold: number;
      readonly periods: number;
      readonly description: string;
    },
  ): Alarm {
    const alarm = new Alarm(this, id, {
      alarmName: of.name,
      alarmDescription: of.description,
      metric: of.metric,
      threshold: of.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: of.periods,
      // A queue that nothing came to for hours tells nothing, and a record that was sent neither.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    callTopic(alarm, this.#topicName);
    return alarm;
  }
}
