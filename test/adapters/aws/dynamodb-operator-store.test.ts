import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine, useOneEngine } from '#test/builders/on-every-engine.ts';
import { describeOperatorStore } from '../../port-suites/operator-store.suite.ts';

const settings = { region: 'us-east-1', regions: ['us-east-1', 'eu-central-1'] };

onEveryEngine('an operator store', (engine) => {
  describeOperatorStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbOperatorStore({ ...settings, client, table: await createTestTable(client, 'routes') }),
      close,
    };
  });
});

describe('the control items', () => {
  const engine = useOneEngine();

  it('of every region are read and none but the own is written; one that cannot be read disables', async () => {
    const { client } = engine;
    const table = await engine.createTable('routes');
    const open = (region: string) => createDynamodbOperatorStore({ ...settings, client, table, region });
    const word = { by: 'ada', reason: 'r', until: '2026-11-22T08:00:00.000Z' };
    await open('eu-central-1').saveDisabled({ ...word, target: 'eu' });
    await open('us-east-1').saveDisabled({ ...word, target: 'us' });
    const bad = {
      model: '#control#us-east-1',
      residency: 'disabled#x',
      disabled: { target: 'x', until: 'soon' },
    };
    await engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(bad) }));
    const read = await open('us-east-1').loadDisabled();
    expect(read.map(({ target, region }) => `${region} ${target}`).sort()).toEqual([
      'eu-central-1 eu',
      'us-east-1 us',
      'us-east-1 x',
    ]);
  });

  it('and the audit stand in the partitions of the region, which its permissions name', async () => {
    const { client } = engine;
    const table = await engine.createTable('routes');
    const store = createDynamodbOperatorStore({ ...settings, client, table });
    const at = '2026-11-21T08:00:00.000Z';
    await store.appendAudit({ id: 'request-1', at, by: 'ada', operation: 'pin', order: { model: 'chat' } });
    const { Items = [] } = await engine.client.send(
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
