import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';
import { describeObservationStore, suitePlaces } from '../../port-suites/observation-store.suite.ts';

onEveryEngine('an observation store', (engine) => {
  describeObservationStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbObservationStore({
          client,
          table: await createTestTable(client, 'observations'),
          places: suitePlaces,
        }),
      close,
    };
  });
});

it('a bad report is counted, never served, and does not pass for "never reported"', async () => {
  const engine = await dynamodbEngines[0]?.start();
  if (engine === undefined) throw new Error('there is no engine');
  const { client } = engine;
  try {
    const table = await createTestTable(client, 'observations');
    const store = createDynamodbObservationStore({ client, table, places: suitePlaces });
    await store.save(regionReport('us-west-2', [plainObservation('us-west-2')]));
    const item = {
      accountRegion: '111111111111#us-east-1',
      item: 'targets',
      schema: 1,
      at: 1,
      failures: [],
      body: new Uint8Array([1, 2, 3]),
    };
    await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    const { regions, badItems } = await store.loadAll();
    expect(regions.map((report) => report.region)).toEqual(['us-west-2']);
    expect(badItems).toBe(1);
    await expect(store.load('111111111111', 'us-east-1')).rejects.toMatchObject({ code: 'answer_malformed' });
  } finally {
    await engine.close();
  }
});
