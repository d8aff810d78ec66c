import { keptResource, tagsShape } from './kept-resource.ts';

const metric = {
  MetricName: 'text',
  Namespace: 'text',
  Dimensions: [{ Name: 'text', Value: 'text' }],
} as const;

export const alarm = keptResource({
  type: 'AWS::CloudWatch::Alarm',
  properties: {
    ...metric,
    ActionsEnabled: 'boolean',
    AlarmActions: ['text'],
    AlarmDescription: 'text',
    AlarmName: 'text',
    ComparisonOperator: 'text',
    DatapointsToAlarm: 'number',
    EvaluationPeriods: 'number',
    ExtendedStatistic: 'text',
    InsufficientDataActions: ['text'],
    Metrics: [
      {
        Id: 'text',
        Expression: 'text',
        Label: 'text',
        Period: 'number',
        ReturnData: 'boolean',
        AccountId: 'text',
        MetricStat: { Metric: metric, Period: 'number', Stat: 'text', Unit: 'text' },
      },
    ],
    OKActions: ['text'],
    Period: 'number',
    Statistic: 'text',
    Tags: tagsShape,
    Threshold: 'number',
    ThresholdMetricId: 'text',
    TreatMissingData: 'text',
    Unit: 'text',
  },
  required: ['ComparisonOperator', 'EvaluationPeriods'],
  createOnly: ['AlarmName'],
  check({ properties: { Metrics, MetricName } }) {
    if ((Metrics === undefined) === (MetricName === undefined)) {
      throw new Error('an alarm watches either MetricName or Metrics');
    }
  },
  made(request) {
    const name = String(request.properties.AlarmName ?? request.nameOf(255));
    return {
      physicalId: name,
      attributes: { Arn: `arn:aws:cloudwatch:${request.region}:${request.account}:alarm:${name}` },
    };
  },
});
