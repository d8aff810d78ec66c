import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** SQS tells of its queues once in five minutes where nothing comes to them. */
const PERIOD = Duration.minutes(5);

/** How many seconds the oldest message has waited. */
export const oldestMessageSeconds = (queue: IQueue): Metric =>
  queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' });

/** How many messages wait that somebody could receive. */
export const messagesWaiting = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' });
