import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamodbWarmStore } from '#adapters/aws/dynamodb-warm-store.ts';
import { createTestTable, PATIENT_CALL_MS_MAX } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine, useOneEngine } from '#test/builders/on-every-engine.ts';
import { describeWarmStore } from '../../port-suites/warm-store.suite.ts';

onEveryEngine('a store of words', (engine) => {
  describeWarmStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbWarmStore({
          client,
          table: await createTestTable(client, 'capacity'),
          callMsMax: PATIENT_CALL_MS_MAX,
        }),
      close,
    };
  });
});

describe('the item of words', () => {
  const engine = useOneEngine();
  let table = '';
  beforeEach(async () => {
    table = await engine.createTable('capacity');
  });

  it.each(['', 'asleep 1 p', 'cold x p', 'cold 1', 'cold 1 p q', 'cold -1 p', 7, null, ['cold 1 p']])(
    'is read without %j, which is counted',
    async (garbage) => {
      const item = { targetPage: '#awake', item: 'awake-1', expiresAt: 1, good: 'cold 12 p', bad: garbage };
      await engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
      expect(
        await createDynamodbWarmStore({
          client: engine.client,
          table,
          callMsMax: PATIENT_CALL_MS_MAX,
        }).load(),
      ).toEqual({
        words: [{ target: 'good', pool: 'p', kind: 'cold', at: 12 }],
        badWords: 1,
      });
    },
  );

  it('is waited for no longer than it may take', async () => {
    const store = createDynamodbWarmStore({ client: engine.client, table, callMsMax: 0 });
    await expect(store.load()).rejects.toMatchObject({ code: 'timed_out' });
  });
});
