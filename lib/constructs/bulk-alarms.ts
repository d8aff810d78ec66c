import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { callTopic } from '../monitoring/house-alarm.ts';

export interface BulkAlarmsProps {
  /** Where batches wait to be read and put together. */
  readonly batchQueue: Queue;
  /** Where chunks of lines wait, by model. */
  readonly bulkQueues: ReadonlyMap<string, Queue>;
  readonly deadQueue: Queue;
  /**
   * The topic in their account and region that hears of them, by name.
   * @default - nobody is called
   */
  readonly topicName?: string | undefined;
}

/** Reading a file and putting it together take minutes, and wait for no target. */
const UNREAD_SECONDS = 900;
/** A quarter of a batch's window. */
const UNCALLED_SECONDS = 6 * 3_600;
const PERIOD = Duration.minutes(5);
const PERIODS = 3;

/**
 * What has to be looked at although nobody complains: nobody waits for a batch. Each says what it means and what to do
 * first.
 */
export class BulkAlarms extends Construct {
  readonly all: readonly Alarm[];
  readonly #topicName: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    { batchQueue, bulkQueues, deadQueue, topicName }: BulkAlarmsProps,
  ) {
    super(scope, id);
    this.#topicName = topicName;
    const uncalled = [...bulkQueues].map(([model, queue]) =>
      this.age(`Uncalled-${model}`, queue, {
        seconds: UNCALLED_SECONDS,
        description: `Lines of batches for ${model} have waited 6 hours of their 24: the lane bulk gets no room, or no dispatcher runs. First look at spillway explain for the model (what is full, what is left out), then at the errors and throttles of the dispatcher; batches.dispatchersMax lets more lines through.`,
      }),
    );
    const unread = this.age('Unread', batchQueue, {
      seconds: UNREAD_SECONDS,
      description:
        'Files of batches wait to be read, or results to be put together, for 15 minutes: no dispatcher comes to it. First look at the errors and throttles of the dispatcher and at its log for dispatch-failed, then at whether S3, DynamoDB or the key refuse it.',
    });
    const dead = this.alarm('Dead', {
      name: deadQueue.queueName,
      metric: deadQueue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
      threshold: 1,
      periods: 1,
      description:
        'Work of batches was put aside after 24 tries. No line is lost: what is moved back is done, and at the end of the window the rest gets results that say so. First read the messages (they name tenant, batch and chunk) and the log of the dispatcher for dispatch-failed at their time; when the cause is gone move them back with a redrive.',
    });
    this.all = [...uncalled, unread, dead];
  }

  private age(
    id: string,
    queue: Queue,
    { seconds, description }: { readonly seconds: number; readonly description: string },
  ): Alarm {
    return this.alarm(id, {
      name: `${queue.queueName}-waits`,
      metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
      threshold: seconds,
      periods: PERIODS,
      description,
    });
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
      // A queue that nothing came to for hours tells nothing.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    callTopic(alarm, this.#topicName);
    return alarm;
  }
}
