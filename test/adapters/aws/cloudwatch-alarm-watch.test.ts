import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAlarmWatch } from '#adapters/aws/cloudwatch-alarm-watch.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';

const account = '111111111111';
const region = 'us-east-1';

let local: LocalClients;
let client: CloudWatchClient;
beforeAll(async () => {
  local = await openLocalClients();
  client = new CloudWatchClient(local.settings(region));
});
afterEach(() => local.control('DELETE', '/_local/faults'));
afterAll(() => local.close());

const watch = () =>
  createAlarmWatch({
    deployment: 'acme',
    connect: (of) => ({ credentials: localCredentials(of), endpoint: local.url, attemptsMax: 1 }),
  });

async function put(name: string, state: 'ALARM' | 'OK'): Promise<void> {
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    }),
  );
  await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: 'a test' }));
}

describe('the alarms of a deployment', () => {
  it('are told while they go off, of its own name, account and region, over all pages', async () => {
    expect(await watch().goingOff({ account, region })).toEqual([]);
    for (let index = 0; index < 101; index += 1) await put(`acme-plan-${1_000 + index}`, 'ALARM');
    await put('acme-plan-silent', 'OK');
    await put('acmes-other', 'ALARM');
    const names = await watch().goingOff({ account, region });
    expect(names).toHaveLength(101);
    expect(names[0]).toBe('acme-plan-1000');
    expect(await watch().goingOff({ account, region: 'eu-west-1' })).toEqual([]);
    expect(await watch().goingOff({ account: '222222222222', region })).toEqual([]);
  });

  it('throw what AWS says where they cannot be read', async () => {
    const rule = { service: 'monitoring', operation: 'DescribeAlarms', kind: 'error', error: 'AccessDenied' };
    await local.control('PUT', '/_local/faults', [rule]);
    await expect(watch().goingOff({ account, region })).rejects.toThrow();
  });
});
