import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { messagesWaiting, oldestMessageSeconds } from '#lib/monitoring/queue-metrics.ts';
import { built } from '#test/lib/built.ts';

it('tells of one queue how long it has waited, and how much of it, at worst in five minutes', () => {
  built((stack) => {
    const queue = new Queue(stack, 'Queue', { queueName: 'work' });
    for (const [metric, metricName] of [
      [oldestMessageSeconds(queue), 'ApproximateAgeOfOldestMessage'],
      [messagesWaiting(queue), 'ApproximateNumberOfMessagesVisible'],
    ] as const) {
      expect(metric).toMatchObject({ namespace: 'AWS/SQS', metricName, statistic: 'Maximum' });
      expect(metric.period.toSeconds()).toBe(300);
      expect(metric.dimensions).toEqual({ QueueName: queue.queueName });
    }
  });
});
