import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import { GatewayAlarms } from '#lib/monitoring/gateway-alarms.ts';
import { built, someFunction } from '#test/lib/built.ts';

describe('GatewayAlarms', () => {
  const template = built((stack) => {
    const period = Duration.minutes(1);
    new GatewayAlarms(stack, 'Alarms', {
      functionName: 'acme-gateway',
      gateway: someFunction(stack),
      serverErrors: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5XXError',
        statistic: 'Sum',
        period,
      }),
    });
  });

  it('watch what callers feel, three bad minutes of five, and take silence for no callers', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      (each) => each.Properties,
    );
    const told = alarms.map(
      (alarm) =>
        `${alarm.AlarmName}: ${alarm.MetricName} ≥ ${alarm.Threshold}, ${alarm.DatapointsToAlarm}/${alarm.EvaluationPeriods} × ${alarm.Period} s, ${alarm.TreatMissingData}, ${/^Severity: (\w+)/.exec(alarm.AlarmDescription)?.[1]}`,
    );
    expect(told.sort()).toEqual([
      'acme-gateway-errors: Errors ≥ 1, 3/5 × 60 s, notBreaching, ticket',
      'acme-gateway-server-errors: 5XXError ≥ 10, 3/5 × 60 s, notBreaching, page',
      'acme-gateway-throttles: Throttles ≥ 1, 3/5 × 60 s, notBreaching, page',
    ]);
  });
});
