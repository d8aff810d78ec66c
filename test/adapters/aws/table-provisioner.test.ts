import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provisionTable, type TablePlan } from '#adapters/aws/table-provisioner.ts';
import { tableDefinitions } from '#contract/tables.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

const home = '111111111111';
const guest = '222222222222';
const credentials = (account: string) => ({
  accessKeyId: `LKIA${account}`,
  secretAccessKey: `local-LKIA${account}`,
});
let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(() => aws.close());

const definition = tableDefinitions.find((table) => table.kind === 'routes');
function plan(name: string): TablePlan {
  if (definition === undefined) throw new Error('there is no routes table');
  return {
    definition,
    name,
    arn: `arn:aws:dynamodb:us-east-1:${home}:table/${name}`,
    region: 'us-east-1',
    replicaRegions: ['us-east-1', 'eu-central-1'],
    guestAccounts: [guest],
  };
}
const client = (account: string, region: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint: aws.url, region, credentials: credentials(account), maxAttempts: 1 });
const access = () => ({ endpoint: aws.url, credentials: credentials(home) });

describe('a provisioned table', () => {
  it('stands in its replica regions, and a second provisioning changes nothing', async () => {
    await provisionTable(plan('twice'), access());
    await provisionTable(plan('twice'), access());
    const { Table } = await client(home, 'eu-central-1').send(
      new DescribeTableCommand({ TableName: 'twice' }),
    );
    expect(Table?.KeySchema?.map((key) => key.AttributeName)).toEqual(['model', 'residency']);
  });

  it('is open to guests by its ARN in every region, for what they need and nothing else', async () => {
    await provisionTable(plan('shared'), access());
    const arn = `arn:aws:dynamodb:eu-central-1:${home}:table/shared`;
    const guestClient = client(guest, 'eu-central-1');
    await guestClient.send(
      new PutItemCommand({ TableName: arn, Item: { model: { S: 'm' }, residency: { S: 'r' } } }),
    );
    const { Item } = await guestClient.send(
      new GetItemCommand({ TableName: arn, Key: { model: { S: 'm' }, residency: { S: 'r' } } }),
    );
    expect(Item).toEqual({ model: { S: 'm' }, residency: { S: 'r' } });
    const stranger = client('333333333333', 'eu-central-1');
    await expect(
      stranger.send(
        new GetItemCommand({ TableName: arn, Key: { model: { S: 'm' }, residency: { S: 'r' } } }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
