import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { BulkAlarms } from '#lib/constructs/bulk-alarms.ts';
import { acme } from '#test/lib/acme.ts';
import { built } from '#test/lib/built.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Threshold: number;
  readonly Dimensions: readonly { readonly Name: string }[];
}

describe('BulkAlarms', () => {
  const template = built((stack) => {
    const queue = (name: string) => new Queue(stack, name, { queueName: name });
    const bulkQueues = new Map(['small', 'large'].map((model) => [model, queue(`bulk-${model}`)]));
    new BulkAlarms(stack, 'Alarms', {
      ...{ config: acme, batchQueue: queue('batches'), deadQueue: queue('dead'), bulkQueues },
    });
  });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as AlarmProperties,
  );

  it('watch the oldest message of every queue, and that nothing was put aside', () => {
    const told = alarms.map(({ MetricName, Threshold }) => `${MetricName} ${Threshold}`).sort();
    expect(told).toEqual([
      'ApproximateAgeOfOldestMessage 21600',
      'ApproximateAgeOfOldestMessage 21600',
      'ApproximateAgeOfOldestMessage 900',
      'ApproximateNumberOfMessagesVisible 1',
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Namespace: 'AWS/SQS',
        Statistic: 'Maximum',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
      expect(alarm.Dimensions.map(({ Name }) => Name)).toEqual(['QueueName']);
    }
  });

  it('say each what it means and what to do first, in what CloudWatch takes', () => {
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(/^Severity: ticket\. .* First: (?:look|read) /);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1_024);
    }
  });
});
