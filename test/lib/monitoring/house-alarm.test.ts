import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import type { CompositeAlarm, MetricAlarm } from '#core/alarms/alarm-definition.ts';
import { createHouseAlarm, createHouseComposite, type HouseAlarmProps } from '#lib/monitoring/house-alarm.ts';
import { built } from '#test/lib/built.ts';

const told = {
  place: 'home',
  severity: 'page',
  owner: 'platform',
  meaning: 'Something of {function} failed.',
  causes: [],
  first: 'look at it.',
  runbook: 'some.md#thing',
} as const;

const definition: MetricAlarm = {
  ...told,
  kind: 'metric',
  id: 'some-errors',
  signal: { metrics: { errors: { namespace: 'N', metricName: 'M', dimensions: [], statistic: 'Sum' } } },
  ...{ periodSeconds: 120, periods: 5, badPeriods: 3, comparison: 'at-or-above', threshold: 1 },
  missing: { treatedAs: 'notBreaching', because: 'Nothing happened.' },
};

const metric = new Metric({ namespace: 'N', metricName: 'M' });
const props: HouseAlarmProps = {
  definition,
  alarmName: 'acme-some-errors',
  metrics: { errors: metric },
  words: { function: 'acme-some' },
};

function alarmOf(changes: Partial<MetricAlarm> = {}, others: Partial<HouseAlarmProps> = {}): unknown {
  const template = built(
    (stack) =>
      void createHouseAlarm(stack, 'Alarm', {
        ...props,
        definition: { ...definition, ...changes },
        ...others,
      }),
  );
  return Object.values(template.findResources('AWS::CloudWatch::Alarm'))[0]?.Properties;
}

describe('createHouseAlarm', () => {
  it('says how urgent it is, whose it is, what it means and what to do first', () => {
    expect(alarmOf()).toMatchObject({
      AlarmName: 'acme-some-errors',
      AlarmDescription:
        'Severity: page. Owner: platform. Something of acme-some failed. First: look at it. Runbook: docs/runbooks/some.md#thing',
      ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Statistic: 'Sum', Period: 120 },
      ...{ EvaluationPeriods: 5, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching' },
    });
  });

  it('takes silence for bad where something should have happened', () => {
    const missing = { treatedAs: 'breaching', because: 'It comes each minute.' } as const;
    expect(alarmOf({ missing, comparison: 'below' })).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('reads an expression over metrics of one period', () => {
    const { errors } = definition.signal.metrics;
    const signal = { metrics: { bad: errors ?? expect.fail() }, expression: 'FILL(bad, 0) / 2' };
    expect(alarmOf({ signal }, { metrics: { bad: metric } })).toMatchObject({
      Metrics: [
        { Expression: 'FILL(bad, 0) / 2', ReturnData: true },
        { Id: 'bad', MetricStat: { Period: 120, Stat: 'Sum' }, ReturnData: false },
      ],
    });
  });

  it('compares with what CloudWatch has learned of a metric', () => {
    expect(alarmOf({ comparison: 'above-band', threshold: 4 })).toMatchObject({
      ComparisonOperator: 'GreaterThanUpperThreshold',
      ThresholdMetricId: expect.any(String),
      Metrics: expect.arrayContaining([
        expect.objectContaining({ Expression: expect.stringMatching(/^ANOMALY_DETECTION_BAND\(.*, 4\)$/) }),
      ]),
    });
  });

  it('calls nobody, or the topic that is named in its own account and region, also when it is over', () => {
    expect(alarmOf()).not.toHaveProperty('AlarmActions');
    const topic = ['arn:aws:sns:us-east-1:111111111111:on-call'];
    expect(alarmOf({}, { topicName: 'on-call' })).toMatchObject({ AlarmActions: topic, OKActions: topic });
    expect(alarmOf({ partOf: 'whole' }, { topicName: 'on-call' })).not.toHaveProperty('AlarmActions');
  });

  it('refuses a description that CloudWatch would not take, a word that nobody gave, and metrics of another alarm', () => {
    expect(() => alarmOf({ meaning: 'x'.repeat(1_000) })).toThrow(
      /its description has 1\d{3} characters, CloudWatch takes 1024$/,
    );
    expect(() => alarmOf({ first: 'look at the account’s quota.' })).toThrow(
      'must be plain ASCII, got: Severity',
    );
    expect(() => alarmOf({}, { words: {} })).toThrow('says {function}, and nobody said what that is');
    expect(() => alarmOf({}, { metrics: { other: metric } })).toThrow('some-errors reads errors, not other');
  });
});

describe('createHouseComposite', () => {
  const composite: CompositeAlarm = {
    ...told,
    kind: 'composite',
    id: 'whole',
    meaning: 'It suffers.',
    rule: { any: ['one', { all: ['two', 'three'] }] },
  };

  const ruleOf = (names: readonly string[]): string => {
    const template = built((stack) => {
      const members = Object.fromEntries(
        names.map((name): [string, Alarm] => [
          name,
          createHouseAlarm(stack, name, { ...props, alarmName: `acme-${name}` }),
        ]),
      );
      createHouseComposite(stack, 'Whole', {
        ...{ definition: composite, alarmName: 'acme-whole', members, topicName: 'on-call' },
      });
    });
    const [found] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(found?.Properties).toMatchObject({ AlarmName: 'acme-whole', AlarmActions: [expect.anything()] });
    return JSON.stringify(found?.Properties.AlarmRule);
  };

  it('goes off with its members as the rule says', () => {
    const text = ruleOf(['one', 'two', 'three']).replaceAll(/"?\]?\},?"?|\{"Fn::GetAtt":\["|","Arn"/g, '');
    expect(text).toMatch(/\(ALARM\(.*one.*\) OR \(ALARM\(.*two.*\) AND ALARM\(.*three.*\)\)\)/);
  });

  it('refuses a rule whose alarm was not made', () => {
    expect(() => ruleOf(['one', 'two'])).toThrow('no alarm three was made for the rule that asks for it');
  });
});
