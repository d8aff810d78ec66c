import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
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

/** A whole hour in the recent past. */
const hour = Math.floor(Date.now() / 3_600_000 - 1) * 3600;
const at = (seconds: number) => new Date((hour + seconds) * 1000);
const put = (Namespace: string, ...MetricData: MetricDatum[]) =>
  client.send(new PutMetricDataCommand({ Namespace, MetricData }));
const refusal = (Namespace: string, ...MetricData: MetricDatum[]) =>
  put(Namespace, ...MetricData).then(
    () => 'accepted',
    (error) => error.name,
  );

function query(namespace: string, stat: string, period = 60, input: Partial<GetMetricDataCommandInput> = {}) {
  return client.send(
    new GetMetricDataCommand({
      StartTime: at(0),
      EndTime: at(3600),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          Id: 'q',
          MetricStat: { Metric: { Namespace: namespace, MetricName: 'm' }, Period: period, Stat: stat },
        },
      ],
      ...input,
    }),
  );
}
const values = async (namespace: string, stat: string, period = 60) =>
  (await query(namespace, stat, period)).MetricDataResults?.[0]?.Values;

describe('PutMetricData', () => {
  it.each([
    ['no data', []],
    ['a value that is not finite', [{ MetricName: 'm', Value: Number.NaN }]],
    ['151 values', [{ MetricName: 'm', Values: Array(151).fill(1) }]],
    ['counts of another size', [{ MetricName: 'm', Values: [1, 2], Counts: [1] }]],
    [
      '31 dimensions',
      [
        {
          MetricName: 'm',
          Value: 1,
          Dimensions: Array.from({ length: 31 }, (_, n) => ({ Name: `d${n}`, Value: 'v' })),
        },
      ],
    ],
    [
      'a dimension twice',
      [
        {
          MetricName: 'm',
          Value: 1,
          Dimensions: [
            { Name: 'd', Value: 'v' },
            { Name: 'd', Value: 'w' },
          ],
        },
      ],
    ],
    ['a dimension without value', [{ MetricName: 'm', Value: 1, Dimensions: [{ Name: 'd', Value: '' }] }]],
    ['1001 data', Array.from({ length: 1001 }, () => ({ MetricName: 'm', Value: 1 }))],
    [
      'data older than two weeks',
      [{ MetricName: 'm', Value: 1, Timestamp: new Date(Date.now() - 15 * 86_400_000) }],
    ],
    [
      'data three hours ahead',
      [{ MetricName: 'm', Value: 1, Timestamp: new Date(Date.now() + 3 * 3_600_000) }],
    ],
    ['value and values together', [{ MetricName: 'm', Value: 1, Values: [1] }]],
    ['a unit that there is not', [{ MetricName: 'm', Value: 1, Unit: 'Parsecs' as never }]],
    ['no value', [{ MetricName: 'm' }]],
  ] as [string, MetricDatum[]][])('refuses %s, and stores nothing of it', async (what, data) => {
    const namespace = `Refused/${what.replaceAll(' ', '-')}`;
    const error = await refusal(namespace, { MetricName: 'good', Value: 1 }, ...data.slice(0, 1000));
    const whole = data.length === 0 || data.length > 1000 ? await refusal(namespace, ...data) : error;
    expect(whole).toMatch(/^(InvalidParameter|MissingRequiredParameter)/);
    if (data.length > 0) {
      const { Metrics } = await client.send(
        new ListMetricsCommand({ Namespace: namespace, MetricName: 'good' }),
      );
      if (data.length <= 1000) expect(Metrics).toEqual([]);
    }
  });

  it('refuses reserved and empty namespaces', async () => {
    expect(await refusal('AWS/Bedrock', { MetricName: 'm', Value: 1 })).toBe(
      'InvalidParameterValueException',
    );
    expect(await refusal(':x', { MetricName: 'm', Value: 1 })).toBe('InvalidParameterValueException');
  });

  it('takes exactly the limits', async () => {
    const Dimensions = Array.from({ length: 30 }, (_, n) => ({ Name: `d${n}`, Value: 'v' }));
    expect(await refusal('Limits', { MetricName: 'm', Values: Array(150).fill(1), Dimensions })).toBe(
      'accepted',
    );
    expect(
      await refusal('Limits', ...Array.from({ length: 1000 }, () => ({ MetricName: 'n', Value: 1 }))),
    ).toBe('accepted');
  });
});

describe('GetMetricData', () => {
  it('computes statistics in aligned periods', async () => {
    await put(
      'Stats',
      { MetricName: 'm', Timestamp: at(5), Value: 1 },
      { MetricName: 'm', Timestamp: at(59), Values: [3, 10], Counts: [2, 1] },
      { MetricName: 'm', Timestamp: at(60), Value: 7 },
      { MetricName: 'm', Timestamp: at(3600), Value: 99 },
    );
    expect(await values('Stats', 'Sum')).toEqual([17, 7]);
    expect(await values('Stats', 'Average')).toEqual([4.25, 7]);
    expect(await values('Stats', 'Minimum')).toEqual([1, 7]);
    expect(await values('Stats', 'Maximum')).toEqual([10, 7]);
    expect(await values('Stats', 'SampleCount')).toEqual([4, 1]);
    expect(await values('Stats', 'p50')).toEqual([3, 7]);
    expect(await values('Stats', 'p99')).toEqual([10, 7]);
    expect(await values('Stats', 'Sum', 300)).toEqual([24]);
    const descending = await query('Stats', 'Sum', 60, { ScanBy: 'TimestampDescending' });
    expect(descending.MetricDataResults?.[0]?.Timestamps).toEqual([at(60), at(0)]);
  });

  it('keeps statistic sets, whose percentiles nobody knows', async () => {
    const StatisticValues = { Sum: 10, Minimum: 1, Maximum: 9, SampleCount: 2 };
    await put('Sets', { MetricName: 'm', Timestamp: at(0), StatisticValues });
    expect(await values('Sets', 'Average')).toEqual([5]);
    expect(await values('Sets', 'p90')).toEqual([]);
  });

  it('tells dimensions, regions and accounts apart, and takes dimensions in any order', async () => {
    const Dimensions = [
      { Name: 'a', Value: '1' },
      { Name: 'b', Value: '2' },
    ];
    await put('Apart', { MetricName: 'm', Timestamp: at(0), Value: 5, Dimensions });
    expect(await values('Apart', 'Sum')).toEqual([]);
    const metric = { Namespace: 'Apart', MetricName: 'm', Dimensions: [...Dimensions].reverse() };
    const input = {
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } }],
    };
    expect((await query('Apart', 'Sum', 60, input)).MetricDataResults?.[0]?.Values).toEqual([5]);
    const other = new CloudWatchClient(clientOptions(server, { region: 'eu-west-1' }));
    expect((await other.send(new ListMetricsCommand({ Namespace: 'Apart' }))).Metrics).toEqual([]);
    other.destroy();
  });

  it('pages by data points', async () => {
    await put(
      'Pages',
      ...Array.from({ length: 5 }, (_, n) => ({ MetricName: 'm', Timestamp: at(n * 60), Value: n })),
    );
    const first = await query('Pages', 'Sum', 60, { MaxDatapoints: 3 });
    expect(first.MetricDataResults?.[0]).toMatchObject({ Values: [0, 1, 2], StatusCode: 'PartialData' });
    const NextToken = first.NextToken ?? '';
    const second = await query('Pages', 'Sum', 60, { MaxDatapoints: 3, NextToken });
    expect(second.MetricDataResults?.[0]).toMatchObject({ Values: [3, 4], StatusCode: 'Complete' });
    expect(second.NextToken).toBeUndefined();
    await expect(query('Pages', 'Sum', 60, { NextToken: 'forged' })).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });

  it('refuses what it cannot evaluate', async () => {
    const name = (promise: Promise<unknown>) =>
      promise.then(
        () => 'accepted',
        (error) => error.name,
      );
    expect(await name(query('N', 'Median'))).toBe('ValidationException');
    expect(await name(query('N', 'Sum', 45))).toBe('ValidationException');
    const expression = { MetricDataQueries: [{ Id: 'e', Expression: 'SUM(METRICS())' }] };
    expect(await name(query('N', 'Sum', 60, expression))).toBe('ValidationException');
    expect(await name(query('N', 'Sum', 60, { MetricDataQueries: [{ Id: 'e' }] }))).toBe(
      'ValidationException',
    );
    expect(await name(query('N', 'Sum', 60, { EndTime: at(0) }))).toBe('ValidationException');
  });
});

it('ListMetrics pages and filters', async () => {
  const data = Array.from({ length: 501 }, (_, n) => ({
    MetricName: `m${n % 3}`,
    Value: 1,
    Dimensions: [{ Name: 'n', Value: String(n) }],
  }));
  await put('List', ...data);
  const first = await client.send(new ListMetricsCommand({ Namespace: 'List' }));
  const second = await client.send(new ListMetricsCommand({ Namespace: 'List', NextToken: first.NextToken }));
  expect([first.Metrics?.length, second.Metrics?.length, second.NextToken]).toEqual([500, 1, undefined]);
  const named = await client.send(
    new ListMetricsCommand({ Namespace: 'List', MetricName: 'm0', RecentlyActive: 'PT3H' }),
  );
  expect(named.Metrics).toHaveLength(167);
  const dimension = await client.send(new ListMetricsCommand({ Dimensions: [{ Name: 'n', Value: '7' }] }));
  expect(dimension.Metrics).toHaveLength(1);
});
