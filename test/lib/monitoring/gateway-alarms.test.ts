import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import { GatewayAlarms } from '#lib/monitoring/gateway-alarms.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';

describe('GatewayAlarms', () => {
  const config = checkedConfig({
    ...acme,
    slo: { costUsdPerDayMax: 50 },
    observability: { alarmTopic: 'on-call' },
  });
  const template = built((stack) => {
    new GatewayAlarms(stack, 'Alarms', {
      ...{ config, gateway: someFunction(stack) },
      serverErrors: new Metric({ namespace: 'AWS/ApiGateway', metricName: '5XXError' }),
    });
  });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    (each) => each.Properties,
  );

  it('watch what callers feel, what it costs and whether it is seen, and take silence for no callers', () => {
    const told = alarms.map(
      (alarm) =>
        `${alarm.AlarmName}: ${alarm.DatapointsToAlarm}/${alarm.EvaluationPeriods}, ${alarm.TreatMissingData}, ${/^Severity: (\w+)/.exec(alarm.AlarmDescription)?.[1]}, ${alarm.AlarmActions === undefined ? 'calls nobody' : 'calls'}`,
    );
    expect(told.sort()).toEqual([
      'acme-gateway-cost-day: 1/1, notBreaching, ticket, calls',
      'acme-gateway-cost-unusual: 3/3, notBreaching, ticket, calls',
      'acme-gateway-errors: 3/5, notBreaching, ticket, calls',
      'acme-gateway-failing-1h: 1/1, notBreaching, page, calls nobody',
      'acme-gateway-failing-30m: 1/1, notBreaching, page, calls nobody',
      'acme-gateway-failing-3d: 1/1, notBreaching, ticket, calls',
      'acme-gateway-failing-5m: 1/1, notBreaching, page, calls nobody',
      'acme-gateway-failing-6h: 1/1, notBreaching, page, calls nobody',
      'acme-gateway-server-errors: 3/5, notBreaching, page, calls nobody',
      'acme-gateway-slow-1h: 1/1, notBreaching, page, calls nobody',
      'acme-gateway-slow-3d: 1/1, notBreaching, ticket, calls',
      'acme-gateway-slow-5m: 1/1, notBreaching, page, calls nobody',
      'acme-gateway-throttles: 3/5, notBreaching, page, calls nobody',
      'acme-gateway-unmeasured: 3/3, notBreaching, ticket, calls',
    ]);
  });

  it('page once, by one composite of what callers feel', () => {
    template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 1);
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmName: 'acme-gateway-callers-suffer',
      AlarmActions: ['arn:aws:sns:us-east-1:111111111111:on-call'],
    });
  });

  it('keep the constructs of alarms that were deployed before: under others they would be made beside themselves', () => {
    const names = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    for (const id of ['AlarmsServerErrors', 'AlarmsThrottles', 'AlarmsErrors'])
      expect(names.some((name) => name.startsWith(id))).toBe(true);
  });

  it('look at the gateway’s own log for whether anything is written', () => {
    const { Metrics } = alarms.find(({ AlarmName }) => AlarmName === 'acme-gateway-unmeasured') ?? {};
    expect(Metrics).toContainEqual(
      expect.objectContaining({
        MetricStat: expect.objectContaining({
          Metric: expect.objectContaining({
            MetricName: 'IncomingLogEvents',
            Dimensions: [{ Name: 'LogGroupName', Value: '/spillway/acme-gateway' }],
          }),
        }),
      }),
    );
  });
});
