import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { AuditAlarms } from '#lib/constructs/audit-alarms.ts';
import { acme } from '#test/lib/acme.ts';
import { built } from '#test/lib/built.ts';

it('watches what waits, what was put aside and what was never sent, and says what to do first', () => {
  const template = built((stack) => {
    const queue = (queueName: string) => new Queue(stack, queueName, { queueName });
    new AuditAlarms(stack, 'Alarms', {
      config: acme,
      queue: queue('audit'),
      deadQueue: queue('dead'),
      region: 'us-east-1',
    });
  });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  expect(alarms.map(({ MetricName, Threshold }) => `${MetricName} ${Threshold}`).sort()).toEqual([
    'ApproximateAgeOfOldestMessage 900',
    'ApproximateNumberOfMessagesVisible 1',
    'AuditRecordsUnsent 1',
  ]);
  expect(alarms.find(({ MetricName }) => MetricName === 'AuditRecordsUnsent')).toMatchObject({
    Namespace: 'Spillway/Gateway',
    Dimensions: [{ Name: 'Region', Value: 'us-east-1' }],
    TreatMissingData: 'notBreaching',
  });
  for (const { AlarmDescription } of alarms) {
    expect(AlarmDescription).toMatch(/^Severity: ticket\. .* First: (?:look|send its message) /);
    expect(AlarmDescription.length).toBeLessThanOrEqual(1_024);
    // CloudFormation hands other characters on as question marks.
    expect(AlarmDescription).toMatch(/^[\x20-\x7e]*$/);
  }
});
