import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  GetResourcePolicyCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import {
  callControl,
  clientOptions,
  readJournal,
  startTestServer,
} from '#test/builders/local-test-server.ts';

const home = '111111111111';
const other = '222222222222';

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

function at(region: string, account = home): DynamoDBClient {
  const key = `${account}/${region}`;
  const client = clients.get(key) ?? new DynamoDBClient(clientOptions(server, { account, region }));
  clients.set(key, client);
  return client;
}

let made = 0;
/** A table of its own for each test. */
async function table(
  client = at('us-east-1'),
  extra: Partial<CreateTableCommandInput> = {},
): Promise<string> {
  made += 1;
  const TableName = `table-${made}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ...extra,
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 }, { TableName });
  return TableName;
}

const key = (pk: string, sk = 'x') => ({ pk: { S: pk }, sk: { S: sk } });
const item = (pk: string, n: number, sk = 'x') => ({ ...key(pk, sk), n: { N: String(n) } });
const put = (client: DynamoDBClient, TableName: string, Item: Record<string, AttributeValue>) =>
  client.send(new PutItemCommand({ TableName, Item }));
const get = async (client: DynamoDBClient, TableName: string, pk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item?.n?.N;
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error) => error.name,
  );
const arn = (name: string, region = 'us-east-1', account = home) =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;

describe('tables and items', () => {
  it('keep regions and accounts apart', async () => {
    const TableName = await table();
    await put(at('us-east-1'), TableName, item('a', 1));
    expect(await refusal(get(at('eu-west-1'), TableName, 'a'))).toBe('ResourceNotFoundException');
    expect(await refusal(get(at('us-east-1', other), TableName, 'a'))).toBe('ResourceNotFoundException');
    const { TableNames } = await at('us-east-1', other).send(new ListTablesCommand({}));
    expect(TableNames).toEqual([]);
    const { Table } = await at('us-east-1').send(new DescribeTableCommand({ TableName }));
    expect([Table?.TableArn, Table?.TableStatus]).toEqual([arn(TableName), 'ACTIVE']);
  });

  it('show the item that a condition was judged against, where that is asked for', async () => {
    const client = at('us-east-1');
    const TableName = await table();
    await put(client, TableName, item('counter', 7));
    const update = {
      TableName,
      UpdateExpression: 'SET n = n + :one',
      ConditionExpression: 'n = :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    const refused = async (id: string) =>
      client.send(new UpdateItemCommand({ ...update, Key: key(id) })).then(
        () => undefined,
        (error: unknown) => (error instanceof ConditionalCheckFailedException ? error : undefined),
      );
    expect((await refused('counter'))?.Item?.n).toEqual({ N: '7' });
    expect(await refused('nothing')).toBeInstanceOf(ConditionalCheckFailedException);
    expect((await refused('nothing'))?.Item).toBeUndefined();
  });

  it('write under conditions, exactly one of many racing writers winning each round', async () => {
    const client = at('us-east-1');
    const TableName = await table();
    await put(client, TableName, item('counter', 0));
    let won = 0;
    const writer = async () => {
      for (let round = 0; round < 20; round += 1) {
        const n = await get(client, TableName, 'counter');
        const update = new UpdateItemCommand({
          TableName,
          Key: key('counter'),
          UpdateExpression: 'SET n = n + :one',
          ConditionExpression: 'n = :seen',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':seen': { N: n ?? '' } },
        });
        const error = await client.send(update).then(
          () => undefined,
          (thrown) => thrown,
        );
        if (error === undefined) won += 1;
        else expect(error).toBeInstanceOf(ConditionalCheckFailedException);
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    expect(won).toBeGreaterThan(20);
    expect(await get(client, TableName, 'counter')).toBe(String(won));
  });

  it('query, page and batch', async () => {
    const client = at('us-east-1');
    const TableName = await table();
    const requests = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: { Item: item('p', n, `s${n + 10}`) },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    const page = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
        ExpressionAttributeValues: { ':p': { S: 'p' }, ':s': { S: 's2' } },
        Limit: 4,
        ScanIndexForward: false,
      }),
    );
    expect(page.Items?.map(({ sk }) => sk?.S)).toEqual(['s29', 's28', 's27', 's26']);
    expect(page.LastEvaluatedKey).toEqual(key('p', 's26'));
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: [key('p', 's10'), key('p', 'none')] } },
      }),
    );
    expect(Responses?.[TableName]).toHaveLength(1);
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(25);
  });

  it('refuse what the engine would drop without a word, and what it cannot do', async () => {
    const client = at('us-east-1');
    const TableName = await table();
    const returning = new PutItemCommand({
      TableName,
      Item: item('a', 1),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(await refusal(client.send(returning))).toBe('ValidationException');
    expect(await refusal(client.send(new TransactGetItemsCommand({ TransactItems: [] })))).toBe(
      'UnknownOperationException',
    );
    const index = {
      Create: { IndexName: 'i', KeySchema: [], Projection: { ProjectionType: 'ALL' as const } },
    };
    const update = new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [index] });
    expect(await refusal(client.send(update))).toBe('ValidationException');
    expect(await refusal(client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'only' } } })))).toBe(
      'ValidationException',
    );
  });

  it('remember protection, tags, time to live and recovery', async () => {
    const client = at('us-east-1');
    const TableName = await table(client, {
      DeletionProtectionEnabled: true,
      SSESpecification: { Enabled: true },
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    expect(await refusal(client.send(new DeleteTableCommand({ TableName })))).toBe('ValidationException');
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn(TableName) }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'a' }]);
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expiresAt' };
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    expect(
      await refusal(client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))),
    ).toBe('ValidationException');
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));
    await expect
      .poll(() => refusal(client.send(new DescribeTableCommand({ TableName }))))
      .toBe('ResourceNotFoundException');
  });
});

describe('tables of others', () => {
  const policyOf = (name: string, statement: object = {}) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${other}:root` },
          Action: ['dynamodb:GetItem', 'dynamodb:Batch*'],
          Resource: arn(name),
          ...statement,
        },
      ],
    });

  it('are reached by ARN under the table policy, and by nothing else', async () => {
    const TableName = await table();
    await put(at('us-east-1'), TableName, item('a', 1));
    const stranger = at('eu-west-1', other);
    expect(await refusal(get(stranger, arn(TableName), 'a'))).toBe('AccessDeniedException');
    const ResourceArn = arn(TableName);
    await at('us-east-1').send(new PutResourcePolicyCommand({ ResourceArn, Policy: policyOf(TableName) }));
    expect(await get(stranger, ResourceArn, 'a')).toBe('1');
    const RequestItems = { [ResourceArn]: { Keys: [key('a')] } };
    const { Responses } = await stranger.send(new BatchGetItemCommand({ RequestItems }));
    expect(Responses?.[ResourceArn]).toEqual([item('a', 1)]);
    expect(await refusal(put(stranger, ResourceArn, item('b', 1)))).toBe('AccessDeniedException');
    expect(await refusal(get(at('eu-west-1', '333333333333'), ResourceArn, 'a'))).toBe(
      'AccessDeniedException',
    );
    expect(await get(at('ap-northeast-1'), ResourceArn, 'a')).toBe('1');
    const entries = await readJournal(server, '?service=dynamodb');
    expect(entries.at(-1)).toMatchObject({ target: TableName, region: 'ap-northeast-1', account: home });
    await at('us-east-1').send(new DeleteResourcePolicyCommand({ ResourceArn }));
    expect(await refusal(get(stranger, ResourceArn, 'a'))).toBe('AccessDeniedException');
  });

  it.each([
    ['another principal', { Principal: { AWS: 'arn:aws:iam::444444444444:root' } }, 'AccessDeniedException'],
    [
      'another resource',
      { Resource: 'arn:aws:dynamodb:us-east-1:111111111111:table/else' },
      'AccessDeniedException',
    ],
    ['another action', { Action: 'dynamodb:Query' }, 'AccessDeniedException'],
    ['everybody and everything', { Principal: '*', Action: 'dynamodb:*', Resource: '*' }, 'accepted'],
    ['a bare account id', { Principal: { AWS: [other] } }, 'accepted'],
  ])('with a policy for %s', async (_, statement, wanted) => {
    const TableName = await table(at('us-east-1'), { ResourcePolicy: policyOf('none') });
    const Policy = policyOf(TableName, statement);
    await at('us-east-1').send(new PutResourcePolicyCommand({ ResourceArn: arn(TableName), Policy }));
    expect(await refusal(get(at('us-east-1', other), arn(TableName), 'a'))).toBe(wanted);
  });

  it('stay closed where a statement denies, and policies that cannot be judged are refused', async () => {
    const client = at('us-east-1');
    const ResourceArn = arn(await table());
    const allow = { Effect: 'Allow', Principal: '*', Action: 'dynamodb:*', Resource: '*' };
    const write = (...Statement: object[]) =>
      client.send(new PutResourcePolicyCommand({ ResourceArn, Policy: JSON.stringify({ Statement }) }));
    await write(allow, { ...allow, Effect: 'Deny', Action: 'dynamodb:Get*' });
    expect(await refusal(get(at('us-east-1', other), ResourceArn, 'a'))).toBe('AccessDeniedException');
    expect(await refusal(write({ ...allow, Condition: { StringEquals: {} } }))).toBe('ValidationException');
    expect(await refusal(write({ ...allow, Principal: undefined }))).toBe('ValidationException');
    const { Policy, RevisionId } = await client.send(new GetResourcePolicyCommand({ ResourceArn }));
    expect(JSON.parse(Policy ?? '').Statement).toHaveLength(2);
    const stale = new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: `${RevisionId}0` });
    expect(await refusal(client.send(stale))).toBe('PolicyNotFoundException');
  });
});

describe('replicas', () => {
  async function replicated(pace: object = { lagMs: 0 }): Promise<string> {
    const TableName = await table();
    await callControl(server, 'PATCH', 'replication', { table: TableName, ...pace });
    await put(at('us-east-1'), TableName, item('before', 1));
    const ReplicaUpdates = ['eu-west-1', 'ap-northeast-1'].map((RegionName) => ({ Create: { RegionName } }));
    await at('us-east-1').send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
    return TableName;
  }
  const settled = (TableName: string) =>
    expect
      .poll(async () => {
        const { body } = await callControl<{ table: string; pending: number }[]>(
          server,
          'GET',
          'replication',
        );
        return body.find((entry) => entry.table === TableName)?.pending;
      })
      .toBe(0);

  it('begin with the items that there are, and are described everywhere', async () => {
    const TableName = await replicated();
    expect(await get(at('eu-west-1'), TableName, 'before')).toBe('1');
    const { Table } = await at('eu-west-1').send(new DescribeTableCommand({ TableName }));
    expect(Table?.Replicas?.map(({ RegionName, ReplicaStatus }) => [RegionName, ReplicaStatus])).toEqual([
      ['ap-northeast-1', 'ACTIVE'],
      ['us-east-1', 'ACTIVE'],
    ]);
    expect(Table?.TableArn).toBe(arn(TableName, 'eu-west-1'));
    const again = new UpdateTableCommand({
      TableName,
      ReplicaUpdates: [{ Create: { RegionName: 'eu-west-1' } }],
    });
    expect(await refusal(at('us-east-1').send(again))).toBe('ReplicaAlreadyExistsException');
  });

  it('take puts, updates, deletes and batches of each other, from any region', async () => {
    const TableName = await replicated();
    await put(at('eu-west-1'), TableName, item('a', 1));
    await put(at('eu-west-1'), TableName, item('gone', 1));
    await expect.poll(() => get(at('us-east-1'), TableName, 'gone')).toBe('1');
    const UpdateExpression = 'SET n = :n';
    const ExpressionAttributeValues = { ':n': { N: '2' } };
    await at('us-east-1').send(
      new UpdateItemCommand({ TableName, Key: key('a'), UpdateExpression, ExpressionAttributeValues }),
    );
    await at('us-east-1').send(new DeleteItemCommand({ TableName, Key: key('gone') }));
    await at('ap-northeast-1').send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [{ PutRequest: { Item: item('b', 3) } }, { DeleteRequest: { Key: key('before') } }],
        },
      }),
    );
    await settled(TableName);
    for (const region of ['us-east-1', 'eu-west-1', 'ap-northeast-1']) {
      const { Items } = await at(region).send(new ScanCommand({ TableName }));
      const found = Object.fromEntries((Items ?? []).map(({ pk, n }) => [pk?.S, n?.N]));
      expect(found).toEqual({ a: '2', b: '3' });
    }
  });

  it('wait while paused, and the last writer wins everywhere when they go on', async () => {
    const TableName = await replicated({ lagMs: 0, paused: true });
    await put(at('us-east-1'), TableName, item('k', 1));
    await put(at('ap-northeast-1'), TableName, item('k', 3));
    await put(at('eu-west-1'), TableName, item('k', 2));
    expect(await get(at('us-east-1'), TableName, 'k')).toBe('1');
    expect(await get(at('ap-northeast-1'), TableName, 'k')).toBe('3');
    await callControl(server, 'PATCH', 'replication', { table: TableName, paused: false });
    await settled(TableName);
    for (const region of ['us-east-1', 'eu-west-1', 'ap-northeast-1'])
      expect(await get(at(region), TableName, 'k')).toBe('2');
  });

  it('agree after many concurrent writes in all regions', async () => {
    const TableName = await replicated({ lagMs: 3 });
    const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
    await Promise.all(
      regions.flatMap((region, index) =>
        Array.from({ length: 40 }, (_, n) => put(at(region), TableName, item(`k${n % 5}`, index * 100 + n))),
      ),
    );
    await settled(TableName);
    const [first, ...rest] = await Promise.all(
      regions.map(async (region) => {
        const { Items = [] } = await at(region).send(new ScanCommand({ TableName }));
        return Items.map(({ pk, n }) => `${pk?.S}=${n?.N}`).sort();
      }),
    );
    expect(rest).toEqual([first, first]);
  });

  it('leave when deleted', async () => {
    const TableName = await replicated();
    const ReplicaUpdates = [{ Delete: { RegionName: 'eu-west-1' } }];
    await at('us-east-1').send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
    expect(await refusal(get(at('eu-west-1'), TableName, 'before'))).toBe('ResourceNotFoundException');
    expect(await refusal(at('us-east-1').send(new UpdateTableCommand({ TableName, ReplicaUpdates })))).toBe(
      'ReplicaNotFoundException',
    );
  });

  it('are steered by whole, sound requests only', async () => {
    const bad = await callControl<{ violations: { path: string }[] }>(server, 'PATCH', 'replication', [
      { table: 'good-table', lagMs: 5 },
      { table: '!', lagMs: -1, paused: 'no', colour: 1 },
    ]);
    expect(bad.status).toBe(400);
    expect(bad.body.violations.map(({ path }) => path)).toEqual([
      '[1].colour',
      '[1].table',
      '[1].lagMs',
      '[1].paused',
    ]);
  });
});
