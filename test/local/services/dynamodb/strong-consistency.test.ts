import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import { callControl, clientOptions, startTestServer } from '#test/builders/local-test-server.ts';

const account = '111111111111';
let server: LocalServer;
const dynamodb = createDynamoDb();
const clients = new Map<string, DynamoDBClient>();
beforeAll(async () => {
  server = await startTestServer({ services: [dynamodb.service], controls: [dynamodb.control] });
});
afterAll(async () => {
  for (const client of clients.values()) client.destroy();
  await server.close();
  await dynamodb.close();
});

function at(region: string): DynamoDBClient {
  const client = clients.get(region) ?? new DynamoDBClient(clientOptions(server, { account, region }));
  clients.set(region, client);
  return client;
}

const created = (RegionName: string) => ({ Create: { RegionName } });
const expiry = (TableName: string) =>
  new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'e' } });
const strong = (TableName: string, change: Partial<UpdateTableCommandInput> = {}) =>
  at('us-east-1').send(
    new UpdateTableCommand({
      TableName,
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: [created('us-east-2'), created('us-west-2')],
      ...change,
    }),
  );

async function createTable(name: string, change: Partial<CreateTableCommandInput> = {}): Promise<void> {
  const attributes = ['k', 's', ...(change.LocalSecondaryIndexes === undefined ? [] : ['t'])];
  await at('us-east-1').send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'k', KeyType: 'HASH' },
        { AttributeName: 's', KeyType: 'RANGE' },
      ],
      ...change,
    }),
  );
}

const put = (region: string, TableName: string, k: string, v: string) =>
  at(region).send(new PutItemCommand({ TableName, Item: { k: { S: k }, s: { S: '-' }, v: { S: v } } }));
async function read(region: string, TableName: string, ConsistentRead: boolean): Promise<string | undefined> {
  const command = new GetItemCommand({ TableName, Key: { k: { S: 'a' }, s: { S: '-' } }, ConsistentRead });
  return (await at(region).send(command)).Item?.v?.S;
}

describe('a strongly consistent global table', () => {
  it('shows every region what was written in any, and old values to who does not ask for certainty', async () => {
    await createTable('seen');
    await strong('seen');
    await callControl(server, 'PATCH', 'replication', { table: 'seen', paused: true });
    await put('us-east-1', 'seen', 'a', '1');
    expect(await read('us-west-2', 'seen', false)).toBeUndefined();
    expect(await read('us-west-2', 'seen', true)).toBe('1');
    await put('us-west-2', 'seen', 'a', '2');
    expect(await read('us-east-1', 'seen', false)).toBe('1');
    expect(await read('us-east-1', 'seen', true)).toBe('2');
  });

  it('judges the condition of a write by what any region wrote', async () => {
    await createTable('judged');
    await strong('judged');
    await put('us-east-2', 'judged', 'a', '1');
    const fresh = new PutItemCommand({
      TableName: 'judged',
      Item: { k: { S: 'a' }, s: { S: '-' } },
      ConditionExpression: 'attribute_not_exists(k)',
    });
    await expect(at('us-west-2').send(fresh)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
  });

  it('refuses a write of an item that another region writes at this moment', async () => {
    await createTable('raced');
    await strong('raced');
    const regions = ['us-east-1', 'us-east-2', 'us-west-2'];
    const rounds = await Promise.all(
      Array.from({ length: 8 }, () =>
        Promise.allSettled(regions.map((each) => put(each, 'raced', 'a', each))),
      ),
    );
    const refusals = rounds.flat().filter((each) => each.status === 'rejected');
    expect(refusals.length).toBeGreaterThan(0);
    for (const { reason } of refusals) expect(reason.name).toBe('ReplicatedWriteConflictException');
    const values = await Promise.all(regions.map((each) => read(each, 'raced', true)));
    expect(new Set(values).size).toBe(1);
  });

  it('may have a witness for its third region, where nobody reads', async () => {
    await createTable('witnessed');
    await strong('witnessed', {
      ReplicaUpdates: [created('us-west-2')],
      GlobalTableWitnessUpdates: [created('us-east-2')],
    });
    const { Table } = await at('us-west-2').send(new DescribeTableCommand({ TableName: 'witnessed' }));
    expect(Table).toMatchObject({
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ RegionName: 'us-east-2', WitnessStatus: 'ACTIVE' }],
    });
    await expect(read('us-east-2', 'witnessed', true)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('takes neither a time to live, nor a further replica, nor another consistency', async () => {
    await createTable('fixed');
    await strong('fixed');
    await expect(at('us-east-1').send(expiry('fixed'))).rejects.toThrow('has no TimeToLive');
    await expect(
      strong('fixed', { MultiRegionConsistency: undefined, ReplicaUpdates: [created('eu-west-1')] }),
    ).rejects.toThrow('takes no further replica');
    await expect(strong('fixed')).rejects.toThrow('cannot be changed');
  });

  it.each<[string, Partial<UpdateTableCommandInput>, string]>([
    ['two regions', { ReplicaUpdates: [created('us-east-2')] }, 'stands in three regions'],
    ['four', { GlobalTableWitnessUpdates: [created('us-west-1')] }, 'stands in three regions'],
    [
      'one twice',
      { ReplicaUpdates: [created('us-east-2'), created('us-east-2')] },
      'stands in three regions',
    ],
    [
      'regions of two sets',
      { ReplicaUpdates: [created('us-east-2'), created('eu-west-1')] },
      'not of one set',
    ],
  ])('is not made over %s', async (_, change, why) => {
    const name = `refused-${Object.keys(change).length}-${why.length}-${JSON.stringify(change).length}`;
    await createTable(name);
    await expect(strong(name, change)).rejects.toThrow(why);
  });

  it('is made of an empty table without indexes of its own, expiry or replicas', async () => {
    await createTable('full');
    await put('us-east-1', 'full', 'a', '1');
    await expect(strong('full')).rejects.toThrow('while it is empty');
    await createTable('expiring');
    await at('us-east-1').send(expiry('expiring'));
    await expect(strong('expiring')).rejects.toThrow('has no TimeToLive');
    const index = {
      IndexName: 'second',
      KeySchema: [
        { AttributeName: 'k', KeyType: 'HASH' as const },
        { AttributeName: 't', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'ALL' as const },
    };
    await createTable('indexed', { LocalSecondaryIndexes: [index] });
    await expect(strong('indexed')).rejects.toThrow('has no LocalSecondaryIndexes');
    await createTable('replicated');
    await strong('replicated', { MultiRegionConsistency: undefined, ReplicaUpdates: [created('us-east-2')] });
    await expect(strong('replicated', { ReplicaUpdates: [created('us-west-2')] })).rejects.toThrow(
      'a global one already',
    );
  });
});
