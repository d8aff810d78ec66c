/** Metric math and searches of the stand-in, as the SDK asks for them. */
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMonitoringService } from '#local/services/monitoring/monitoring.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import { clientOptions, startTestServer } from '#test/builders/local-test-server.ts';

let server: LocalServer;
let client: CloudWatchClient;

/** A whole hour in the recent past. */
const hour = Math.floor(Date.now() / 3_600_000 - 1) * 3600;
const at = (minute: number) => new Date((hour + minute * 60) * 1000);

/** Calls by model and tier: minute, model, tier, value. */
const calls: readonly (readonly [number, string, string, number])[] = [
  [0, 'large', 'dedicated', 6],
  [1, 'large', 'dedicated', 12],
  [3, 'large', 'dedicated', 4],
  [0, 'large', 'serverless', 2],
  [0, 'small', 'serverless', 10],
  [1, 'small', 'serverless', 20],
];

beforeAll(async () => {
  server = await startTestServer({ services: [createMonitoringService()] });
  client = new CloudWatchClient(clientOptions(server));
  const MetricData = calls.map(([minute, model, tier, Value]) => ({
    MetricName: 'Calls',
    Timestamp: at(minute),
    Value,
    Dimensions: [
      { Name: 'Model', Value: model },
      { Name: 'Tier', Value: tier },
    ],
  }));
  MetricData.push({
    MetricName: 'Calls',
    Timestamp: at(0),
    Value: 1,
    Dimensions: [{ Name: 'Model', Value: 'large' }],
  });
  await client.send(new PutMetricDataCommand({ Namespace: 'Math', MetricData }));
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const ask = (MetricDataQueries: MetricDataQuery[]) =>
  client.send(
    new GetMetricDataCommand({
      StartTime: at(0),
      EndTime: at(5),
      ScanBy: 'TimestampAscending',
      MetricDataQueries,
    }),
  );

/** Values of an expression by label; `a` and `b` are the calls of one model each, by tier. */
async function evaluate(expression: string): Promise<Record<string, (number | undefined)[][]>> {
  const all = (model: string) => `SEARCH('{Math,Model,Tier} MetricName="Calls" Model="${model}"', 'Sum', 60)`;
  const { MetricDataResults = [] } = await ask([
    { Id: 'a', Expression: all('large'), ReturnData: false },
    { Id: 'b', Expression: all('small'), ReturnData: false },
    { Id: 'result', Expression: expression },
  ]);
  return Object.fromEntries(
    MetricDataResults.map(({ Label = '', Timestamps = [], Values = [] }) => [
      Label,
      Timestamps.map((time, index) => [(time.getTime() / 1000 - hour) / 60, Values[index]]),
    ]),
  );
}

const refusal = (expression: string) =>
  ask([{ Id: 'e', Expression: expression }]).then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('SEARCH', () => {
  const found = async (query: string) => Object.keys(await evaluate(`SEARCH('${query}', 'Sum', 60)`)).sort();

  it('finds by schema, which names every dimension', async () => {
    expect(await found('{Math,Model,Tier}')).toEqual([
      'Calls large dedicated',
      'Calls large serverless',
      'Calls small serverless',
    ]);
    expect(await found('{"Math",Tier,"Model"}')).toHaveLength(3);
    expect(await found('{Math,Model}')).toEqual(['Calls large']);
    expect(await found('{Math}')).toEqual([]);
  });

  it('finds by whole values, lists of them, and what joins them', async () => {
    expect(await found('{Math,Model,Tier} Model="large"')).toHaveLength(2);
    expect(await found('{Math,Model,Tier} "Model"=("large" OR "small") Tier="serverless"')).toHaveLength(2);
    expect(await found('Namespace="Math" AND NOT Tier="serverless"')).toHaveLength(2);
    expect(await found('{Math,Model,Tier} (Model="small" OR Tier="dedicated")')).toHaveLength(2);
    expect(await found('{Math,Model,Tier} Model="larg"')).toEqual([]);
  });

  it('takes the period of its query where it names none, and one label where it finds one', async () => {
    const { MetricDataResults } = await ask([
      { Id: 'e', Expression: `SEARCH('{Math,Model} ', 'Sum')`, Period: 300, Label: 'all' },
    ]);
    expect(MetricDataResults).toMatchObject([{ Id: 'e', Label: 'all', Values: [1] }]);
  });

  it('refuses what it cannot read', async () => {
    expect(await refusal(`SEARCH('{Math,Model} Calls', 'Sum', 60)`)).toContain('matches no parts of words');
    expect(await refusal(`SEARCH('{Math,Model} Model=large', 'Sum', 60)`)).toContain('double quotes');
    expect(await refusal(`SEARCH('{Math,Model}', 'Median', 60)`)).toContain('Median');
    expect(await refusal(`SEARCH('{Math,Model}', 'Sum')`)).toContain('period');
    expect(await refusal(`SEARCH('{Math} Model="${'x'.repeat(1_024)}"', 'Sum', 60)`)).toContain('1024');
  });
});

describe('metric math', () => {
  it('sums over series point by point, and needs no series to be whole', async () => {
    expect(await evaluate('SUM(a)')).toEqual({
      SUM: [
        [0, 8],
        [1, 12],
        [3, 4],
      ],
    });
    expect(await evaluate('MAX([SUM(a), SUM(b)])')).toMatchObject({
      MAX: [
        [0, 10],
        [1, 20],
        [3, 4],
      ],
    });
    expect(await evaluate('AVG(a)')).toMatchObject({
      AVG: [
        [0, 4],
        [1, 12],
        [3, 4],
      ],
    });
  });

  it('calculates with precedence, where both sides have a point', async () => {
    expect(await evaluate('100 * SUM(a) / SUM(b)')).toMatchObject({
      SUM: [
        [0, 80],
        [1, 60],
      ],
    });
    expect(await evaluate('-(SUM(b) - 2 * 3 ^ 2)')).toMatchObject({
      SUM: [
        [0, 8],
        [1, -2],
      ],
    });
    expect(await evaluate('SUM(b) / (SUM(b) - 10)')).toMatchObject({ SUM: [[1, 2]] });
  });

  it('fills gaps with a number, the value before, or what lies between', async () => {
    const values = async (way: string) => Object.values(await evaluate(`FILL(SUM(a), ${way})`))[0];
    expect(await values('0')).toEqual([
      [0, 8],
      [1, 12],
      [2, 0],
      [3, 4],
      [4, 0],
    ]);
    expect((await values('REPEAT'))?.slice(2)).toEqual([
      [2, 12],
      [3, 4],
      [4, 4],
    ]);
    expect((await values('LINEAR'))?.slice(2)).toEqual([
      [2, 8],
      [3, 4],
    ]);
  });

  it('tells rates, periods, what is empty, and the largest', async () => {
    expect(await evaluate('RATE(SUM(b))')).toMatchObject({ SUM: [[1, 10 / 60]] });
    expect(await evaluate('SUM(b) / PERIOD(SUM(b)) * 60')).toMatchObject({
      SUM: [
        [0, 10],
        [1, 20],
      ],
    });
    expect(Object.keys(await evaluate('SORT(a, SUM, DESC, 1)'))).toEqual(['Calls large dedicated']);
    const later = `REMOVE_EMPTY(SEARCH('{Math,Model}', 'p50', 60))`;
    expect(Object.keys(await evaluate(later))).toEqual(['Calls large']);
    const nothing = `SUM(SEARCH('{Nothing}', 'Sum', 60))`;
    expect(await evaluate(nothing)).toEqual({});
    expect(await evaluate(`100 * FILL(${nothing}, 0) / SUM(a)`)).toEqual({});
    expect(await evaluate(`${nothing} / ${nothing}`)).toEqual({});
  });

  it.each([
    ['SUM(', 'ends'],
    ['SUM(a', 'want ,'],
    ['1 + 1', 'comes to a number'],
    ['a * b', 'does not join'],
    ['SUM(c)', 'no query has the id c'],
    ['SUM(result)', 'asks for itself'],
    ['ANOMALY_DETECTION_BAND(a)', 'ANOMALY_DETECTION_BAND is not offered'],
    ['SUM(a, b)', 'one argument'],
  ])('refuses %s', async (expression, says) => {
    await expect(evaluate(expression)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(evaluate(expression)).rejects.toThrow(says);
  });
});
