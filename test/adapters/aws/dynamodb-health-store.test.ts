import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamodbHealthStore } from '#adapters/aws/dynamodb-health-store.ts';
import { originOf } from '#core/health/origin.ts';
import { createTestTable, PATIENT_CALL_MS_MAX } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine, useOneEngine } from '#test/builders/on-every-engine.ts';
import { describeHealthStore } from '../../port-suites/health-store.suite.ts';

const region = 'us-east-1';
const patient = { region, callMsMax: PATIENT_CALL_MS_MAX };

onEveryEngine('a health store', (engine) => {
  describeHealthStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbHealthStore({ ...patient, client, table: await createTestTable(client, 'routes') }),
      close,
    };
  });
});

describe('the items of health', () => {
  const engine = useOneEngine();
  let table = '';
  const at = Date.UTC(2026, 10, 21, 8);
  /** The origins of an older version are one hash. */
  const health = {
    failures: [{ by: 'p1', at, points: 1, origin: '1x9k2ab' }],
    goods: [{ origin: originOf({ tenant: 'shop', work: 'chat', inputTokensMin: 100 }), at }],
    tallies: [],
  };
  const stored = { model: '#health', residency: 'us-east-1#t', schema: 1, key: 't', region, revision: at };
  const put = (item: object) =>
    engine.client.send(
      new PutItemCommand({ TableName: table, Item: marshall({ ...stored, ...health, ...item }) }),
    );
  beforeEach(async () => {
    table = await engine.createTable('routes');
  });

  it('stand under the region that wrote them, with an end for the garbage collection', async () => {
    await createDynamodbHealthStore({ ...patient, client: engine.client, table }).save(
      { key: 't', revision: at, health },
      undefined,
    );
    const { Items = [] } = await engine.client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'model = :model',
        ExpressionAttributeValues: { ':model': { S: '#health' } },
      }),
    );
    expect(Items.map((each) => unmarshall(each))).toEqual([
      { ...stored, ...health, expiresAt: at / 1000 + 3600 },
    ]);
  });

  it('of other regions are nobody’s evidence here', async () => {
    const save = (of: string) =>
      createDynamodbHealthStore({ ...patient, region: of, client: engine.client, table }).save(
        { key: 't', revision: at, health },
        undefined,
      );
    expect([await save('eu-central-1'), await save(region)]).toEqual([true, true]);
    const { items } = await createDynamodbHealthStore({
      region: 'eu-west-1',
      client: engine.client,
      table,
    }).loadAll();
    expect(items).toEqual([]);
  });

  it.each([
    ['a newer shape', { schema: 2 }],
    ['a time that is none', { revision: -1 }],
    ['another region inside', { region: 'eu-central-1' }],
    ['a name that is not its own', { key: 'other' }],
    ['more failures than anybody may tell', { failures: Array(13).fill(health.failures[0]) }],
    ['more answers than anybody counts', { tallies: [{ by: 'p1', at, good: 101, failed: 0 }] }],
    [
      'tallies of more processes than are kept',
      { tallies: Array(13).fill({ by: 'p1', at, good: 1, failed: 0 }) },
    ],
  ])('with %s are counted and not believed', async (_, change) => {
    await put(change);
    const store = createDynamodbHealthStore({ ...patient, client: engine.client, table });
    expect(await store.loadAll()).toEqual({ items: [], badItems: 1 });
    expect(await store.load('t')).toBeUndefined();
  });

  it('of a version that told no tallies are read all the same', async () => {
    const { tallies: _, ...before } = { ...stored, ...health };
    await engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(before) }));
    const { items } = await createDynamodbHealthStore({ ...patient, client: engine.client, table }).loadAll();
    expect(items).toEqual([{ key: 't', revision: at, health }]);
  });

  it('that nobody could read for an hour are written over', async () => {
    await put({ schema: 2 });
    const store = createDynamodbHealthStore({ ...patient, client: engine.client, table });
    const save = (revision: number) => store.save({ key: 't', revision, health }, undefined);
    expect([await save(at + 3_600_000), await save(at + 3_600_001)]).toEqual([false, true]);
  });
});
