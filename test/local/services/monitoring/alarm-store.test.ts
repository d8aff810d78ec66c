import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMonitoringService } from '#local/services/monitoring/monitoring.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import { clientOptions, startTestServer } from '#test/builders/local-test-server.ts';

let server: LocalServer;
let client: CloudWatchClient;
beforeAll(async () => {
  server = await startTestServer({ services: [createMonitoringService()] });
  client = new CloudWatchClient(clientOptions(server));
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const put = (AlarmName: string, Threshold = 1) =>
  client.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Threshold, EvaluationPeriods: 1, Period: 60, Statistic: 'Sum' },
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
    }),
  );
const setState = (AlarmName: string, StateValue: 'ALARM' | 'OK') =>
  client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
const names = async (input: DescribeAlarmsCommandInput) => {
  const { MetricAlarms = [], NextToken } = await client.send(new DescribeAlarmsCommand(input));
  return { names: MetricAlarms.map(({ AlarmName }) => AlarmName), NextToken };
};

describe('the local alarms', () => {
  it('stand in the state that they are set to, and keep it when they are changed', async () => {
    await put('state-one');
    const [fresh] =
      (await client.send(new DescribeAlarmsCommand({ AlarmNames: ['state-one'] }))).MetricAlarms ?? [];
    expect(fresh).toMatchObject({ StateValue: 'INSUFFICIENT_DATA', MetricName: 'Errors', Threshold: 1 });
    await setState('state-one', 'ALARM');
    await put('state-one', 5);
    const [changed] =
      (await client.send(new DescribeAlarmsCommand({ AlarmNames: ['state-one'] }))).MetricAlarms ?? [];
    expect(changed).toMatchObject({ StateValue: 'ALARM', StateReason: 'a test', Threshold: 5 });
  });

  it('are found by the beginning of their names and their state, page by page', async () => {
    for (const name of ['page-a', 'page-b', 'page-c', 'other']) await put(name);
    for (const name of ['page-a', 'page-c']) await setState(name, 'ALARM');
    expect((await names({ AlarmNamePrefix: 'page-', StateValue: 'ALARM' })).names).toEqual([
      'page-a',
      'page-c',
    ]);
    const first = await names({ AlarmNamePrefix: 'page-', MaxRecords: 2 });
    expect(first.names).toEqual(['page-a', 'page-b']);
    const next = await names({ AlarmNamePrefix: 'page-', MaxRecords: 2, NextToken: first.NextToken });
    expect(next).toEqual({ names: ['page-c'], NextToken: undefined });
  });

  it('refuse what they do not know', async () => {
    await expect(setState('nobody', 'OK')).rejects.toThrow('there is no alarm nobody');
    await expect(names({ ActionPrefix: 'arn' })).rejects.toThrow('ActionPrefix: not offered');
    await expect(names({ MaxRecords: 101 })).rejects.toThrow('MaxRecords must be 1 to 100');
    await expect(names({ NextToken: 'made-up' })).rejects.toThrow('next token');
  });
});
