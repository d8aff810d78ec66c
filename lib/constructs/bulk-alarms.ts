import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createHouseAlarm, type HouseAlarmProps } from '../monitoring/house-alarm.ts';
import { messagesWaiting, oldestMessageSeconds } from '../monitoring/queue-metrics.ts';

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
        meaning: `Lines of batches for ${model} have waited 6 hours of their 24: the lane bulk gets no room, or no dispatcher runs.`,
        first: `look at spillway explain for the model (what is full, what is left out), then at the errors and throttles of the dispatcher; batches.dispatchersMax lets more lines through.`,
      }),
    );
    const unread = this.age('Unread', batchQueue, {
      seconds: UNREAD_SECONDS,
      meaning:
        'Files of batches wait to be read, or results to be put together, for 15 minutes: no dispatcher comes to it.',
      first:
        'look at the errors and throttles of the dispatcher and at its log for dispatch-failed, then at whether S3, DynamoDB or the key refuse it.',
    });
    const dead = this.alarm('Dead', {
      alarmName: deadQueue.queueName,
      metric: messagesWaiting(deadQueue),
      threshold: 1,
      periods: 1,
      meaning:
        'Work of batches was put aside after 24 tries. No line is lost: what is moved back is done, and at the end of the window the rest gets results that say so.',
      first:
        'read the messages (they name tenant, batch and chunk) and the log of the dispatcher for dispatch-failed at their time; when the cause is gone move them back with a redrive.',
    });
    this.all = [...uncalled, unread, dead];
  }

  private age(
    id: string,
    queue: Queue,
    { seconds, ...told }: Pick<HouseAlarmProps, 'meaning' | 'first'> & { readonly seconds: number },
  ): Alarm {
    return this.alarm(id, {
      alarmName: `${queue.queueName}-waits`,
      metric: oldestMessageSeconds(queue),
      threshold: seconds,
      periods: PERIODS,
      ...told,
    });
  }

  private alarm(id: string, rest: Omit<HouseAlarmProps, 'silence' | 'severity' | 'topicName'>): Alarm {
    // A queue that nothing came to for hours tells nothing.
    const house = { silence: 'is-fine', severity: 'ticket', topicName: this.#topicName } as const;
    return createHouseAlarm(this, id, { ...rest, ...house });
  }
}
