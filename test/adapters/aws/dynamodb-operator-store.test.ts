import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { createTestTable, dynamodbEngines, type RunningEngine } from '#test/builders/dynamodb-engines.ts';
import { describeOperatorStore } from '../../port-suites/operator-store.suite.ts';

const settings = { region: 'us-east-1', regions: ['us-east-1', 'eu-central-1'] };

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`an operator store on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeOperatorStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbOperatorStore({ ...settings, client, table: await createTestTable(client, 'routes') }),
      close,
    };
  });
}

describe('the control items', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    const [first] = dynamodbEngines;
    if (first === undefined) throw new Error('there is no engine');
    engine = await first.start();
  });
  afterAll(() => engine.close());

  it('of every region are read and none but the own is written; one that cannot be read is nobody’s word', async () => {
    const { client } = engine;
    const table = await createTestTable(client, 'routes');
    const open = (region: string) => createDynamodbOperatorStore({ ...settings, client, table, region });
    const word = { by: 'ada', reason: 'r', until: '2026-11-22T08:00:00.000Z' };
    await open('eu-central-1').saveDisabled({ ...word, target: 'eu' });
    await open('us-east-1').saveDisabled({ ...word, target: 'us' });
    const bad = {
      model: '#control#us-east-1',
      residency: 'disabled#x',
      disabled: { target: 'x', until: 'soon' },
    };
    await client.send(new PutItemCommand({ TableName: table, Item: marshall(bad) }));
    const read = await open('us-east-1').loadDisabled();
    expect(read.map(({ target, region }) => `${region} ${target}`).sort()).toEqual([
      'eu-central-1 eu',
      'us-east-1 us',
    ]);
  });

  it('and the audit stand in the partitions of the region, which its permissions name', async () => {
    const { client } = engine;
    const table = await createTestTable(client, 'routes');
    const store = createDynamodbOperatorStore({ ...settings, client, table });
    const at = '2026-11-21T08:00:00.000Z';
    await store.appendAudit({ id: 'request-1', at, by: 'ada', operation: 'pin', order: { model: 'chat' } });
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'model = :model',
        ExpressionAttributeValues: { ':model': { S: '#audit#us-east-1' } },
      }),
    );
    expect(Items.map((item) => unmarshall(item))).toEqual([
      {
        model: '#audit#us-east-1',
        residency: `${at}#request-1`,
        id: 'request-1',
        at,
        by: 'ada',
        operation: 'pin',
        order: { model: 'chat' },
      },
    ]);
  });
});
