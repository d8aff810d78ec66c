import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMetricReader } from '#adapters/aws/cloudwatch-metric-reader.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';

let local: LocalClients;
beforeAll(async () => {
  local = await openLocalClients();
});
afterEach(() => local.control('DELETE', '/_local/faults'));
afterAll(() => local.close());

const open = () =>
  createMetricReader({
    region: 'us-east-1',
    credentials: localCredentials('111111111111'),
    endpoint: local.url,
    attemptsMax: 1,
  });

const series = (name: string, statistic = 'Sum', model = 'chat') => ({
  namespace: 'Spillway/Gateway',
  name,
  dimensions: { Model: model, Tier: 'serverless' },
  statistic,
  periodSeconds: 60,
});

describe('what CloudWatch has', () => {
  it('is read by series and period, over all pages and batches', async () => {
    const client = new CloudWatchClient(local.settings('us-east-1'));
    const begin = Math.floor(Date.now() / 60_000) * 60 - 600;
    const put = (name: string, minute: number, value: number) => ({
      MetricName: name,
      Dimensions: [
        { Name: 'Model', Value: 'chat' },
        { Name: 'Tier', Value: 'serverless' },
      ],
      Timestamp: new Date((begin + minute * 60) * 1_000),
      Value: value,
    });
    const data = [put('Requests', 0, 1), put('Requests', 0, 2), put('Requests', 4, 5), put('Latency', 1, 70)];
    await client.send(new PutMetricDataCommand({ Namespace: 'Spillway/Gateway', MetricData: data }));
    const reader = open();
    const window = { startSeconds: begin, endSeconds: begin + 600 };
    const many = Array.from({ length: 501 }, (_, index) => series('Requests', 'Sum', `none-${index}`));
    const values = await reader.loadSeries(
      [series('Requests'), series('Latency', 'p95'), ...many, series('Requests')],
      window,
    );
    const requests = [
      { atSeconds: begin, value: 3 },
      { atSeconds: begin + 240, value: 5 },
    ];
    expect(values).toHaveLength(504);
    expect([values[0], values[1], values[2], values[503]]).toEqual([
      requests,
      [{ atSeconds: begin + 60, value: 70 }],
      [],
      requests,
    ]);
    reader.close();
  });

  it('fails with the error of the service', async () => {
    await local.control('PUT', '/_local/faults', [{ service: 'monitoring', kind: 'throttle' }]);
    const reader = open();
    const read = reader.loadSeries([series('Requests')], { startSeconds: 0, endSeconds: 60 });
    await expect(read).rejects.toMatchObject({ name: expect.stringMatching(/Thrott/) });
    reader.close();
  });
});
