import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import { createHouseAlarm, type HouseAlarmProps, periodOf } from '#lib/monitoring/house-alarm.ts';
import { built } from '#test/lib/built.ts';

const props: HouseAlarmProps = {
  alarmName: 'acme-some-errors',
  metric: new Metric({ namespace: 'N', metricName: 'M' }),
  threshold: 1,
  periods: 5,
  silence: 'is-fine',
  severity: 'page',
  meaning: 'Something failed.',
  first: 'look at it.',
};

function alarmOf(changes: Partial<HouseAlarmProps> = {}): unknown {
  const template = built((stack) => void createHouseAlarm(stack, 'Alarm', { ...props, ...changes }));
  return Object.values(template.findResources('AWS::CloudWatch::Alarm'))[0]?.Properties;
}

describe('createHouseAlarm', () => {
  it('says how urgent it is, what it means and what to do first', () => {
    expect(alarmOf()).toMatchObject({
      AlarmName: 'acme-some-errors',
      AlarmDescription: 'Severity: page. Something failed. First: look at it.',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      TreatMissingData: 'notBreaching',
    });
  });

  it('takes silence for bad where something should have happened', () => {
    expect(alarmOf({ silence: 'is-bad', badBelow: true, badPeriods: 3 })).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      DatapointsToAlarm: 3,
      TreatMissingData: 'breaching',
    });
  });

  it('calls nobody, or the topic that is named in its own account and region, also when it is over', () => {
    expect(alarmOf()).not.toHaveProperty('AlarmActions');
    const topic = ['arn:aws:sns:us-east-1:111111111111:on-call'];
    expect(alarmOf({ topicName: 'on-call' })).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });

  it('refuses a description that CloudWatch would not take', () => {
    expect(() => alarmOf({ meaning: 'x'.repeat(1_000) })).toThrow(
      'alarm acme-some-errors: its description has 1035 characters, CloudWatch takes 1024',
    );
    expect(() => alarmOf({ first: 'look at the account’s quota.' })).toThrow(
      'must be plain ASCII, got: Severity',
    );
  });
});

describe('periodOf', () => {
  it.each([
    [5, 60],
    [60, 60],
    [61, 120],
    [86_400, 86_400],
  ])('of %i seconds is %i', (every, seconds) => {
    expect(periodOf(every).toSeconds()).toBe(seconds);
  });
});
