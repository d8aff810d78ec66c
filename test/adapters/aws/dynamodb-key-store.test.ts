import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { createDynamodbKeyStore } from '#adapters/aws/dynamodb-key-store.ts';
import { aKey } from '#test/builders/a-key.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeKeyStore } from '../../port-suites/key-store.suite.ts';

onEveryEngine('key store', (engine) => {
  describeKeyStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'tenants');
    return { store: createDynamodbKeyStore({ client, table }), close };
  });
});

it('leaves out items of another shape or in a wrong place, names them, and passes over other kinds', async () => {
  const engine = await dynamodbEngines[0]?.start();
  if (engine === undefined) throw new Error('there is no engine');
  const { client, close } = engine;
  try {
    const table = await createTestTable(client, 'tenants');
    const store = createDynamodbKeyStore({ client, table });
    const put = (item: object) => client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    const good = aKey();
    await store.save(good, undefined);
    await put({ ...good, schema: 1, item: 'key#other#1' });
    await put({ ...good, schema: 1, tenant: 'another', item: 'key#ci#2' });
    await put({ ...good, schema: 1, tenant: 'open', item: 'key#ci#1', residencies: [] });
    await put({ tenant: 'demo', item: 'limits' });
    const { keys, bad } = await store.loadAll();
    expect(keys).toEqual([good]);
    expect([...bad].sort()).toEqual(['another/ci/2', 'demo/other/1', 'open/ci/1']);
    expect(await store.loadChanged(good.changedAt)).toEqual({ keys, bad });
  } finally {
    await close();
  }
});

it('leaves what a newer version added to a key when it revokes the key, and not in the slot’s next key', async () => {
  const engine = await dynamodbEngines[0]?.start();
  if (engine === undefined) throw new Error('there is no engine');
  const { client, close } = engine;
  try {
    const TableName = await createTestTable(client, 'tenants');
    const store = createDynamodbKeyStore({ client, table: TableName });
    const key = aKey();
    const added = { ...key, schema: 1, item: `key#${key.label}#${key.slot}`, owner: 'team-one' };
    await client.send(new PutItemCommand({ TableName, Item: marshall(added) }));
    const revoked = { ...key, revokedAt: key.changedAt };
    expect(await store.save(revoked, key)).toBe(true);
    const read = async () =>
      (await client.send(new ScanCommand({ TableName }))).Items?.map((item) => unmarshall(item));
    expect(await read()).toEqual([{ ...added, revokedAt: key.changedAt }]);
    const next = aKey({ number: 2, label: key.label, slot: key.slot });
    expect(await store.save(next, revoked)).toBe(true);
    expect(await read()).not.toMatchObject([{ owner: 'team-one' }]);
  } finally {
    await close();
  }
});

it('reads more keys than a page of a scan holds', async () => {
  const engine = await dynamodbEngines[0]?.start();
  if (engine === undefined) throw new Error('there is no engine');
  const { client, close } = engine;
  try {
    const table = await createTestTable(client, 'tenants');
    const store = createDynamodbKeyStore({ client, table });
    // About 2 MB of models' names: a page holds one.
    const models = Array.from({ length: 1000 }, (_, index) => `model-${String(index).padStart(30, '0')}`);
    for (let index = 0; index < 50; index += 1)
      await store.save(aKey({ number: index, label: `label-${index}`, models }), undefined);
    expect((await store.loadAll()).keys).toHaveLength(50);
  } finally {
    await close();
  }
});
