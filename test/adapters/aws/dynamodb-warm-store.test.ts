import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamodbWarmStore } from '#adapters/aws/dynamodb-warm-store.ts';
import { createTestTable, dynamodbEngines, type RunningEngine } from '#test/builders/dynamodb-engines.ts';
import { describeWarmStore } from '../../port-suites/warm-store.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`a store of words on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeWarmStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () => createDynamodbWarmStore({ client, table: await createTestTable(client, 'capacity') }),
      close,
    };
  });
}

describe('the item of words', () => {
  let engine: RunningEngine;
  let client: DynamoDBClient;
  let table = '';
  beforeAll(async () => {
    const [first] = dynamodbEngines;
    if (first === undefined) throw new Error('there is no engine');
    engine = await first.start();
    client = engine.client;
  });
  beforeEach(async () => {
    table = await createTestTable(client, 'capacity');
  });
  afterAll(() => engine.close());

  it.each(['', 'asleep 1 p', 'cold x p', 'cold 1', 'cold 1 p q', 'cold -1 p', 7, null, ['cold 1 p']])(
    'is read without %j, which is counted',
    async (garbage) => {
      const item = { targetPage: '#awake', item: 'awake-1', expiresAt: 1, good: 'cold 12 p', bad: garbage };
      await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
      expect(await createDynamodbWarmStore({ client, table }).load()).toEqual({
        words: [{ target: 'good', pool: 'p', kind: 'cold', at: 12 }],
        badWords: 1,
      });
    },
  );

  it('is waited for no longer than it may take', async () => {
    const store = createDynamodbWarmStore({ client, table, callMsMax: 0 });
    await expect(store.load()).rejects.toMatchObject({ code: 'timed_out' });
  });
});
