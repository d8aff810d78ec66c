import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ControlsTable } from '#lib/constructs/controls-table.ts';
import { StrongSet } from '#lib/constructs/strong-set.ts';
import type { Cloud } from '#local/cloudformation/cloud.ts';
import { globalTable } from '#local/cloudformation/handlers/dynamodb-global-table.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { built, home } from '#test/lib/built.ts';

const credentials = { accessKeyId: `LKIA${home.account}`, secretAccessKey: `local-LKIA${home.account}` };
const clients = new Map<string, DynamoDBClient>();
let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(async () => {
  for (const client of clients.values()) client.destroy();
  await aws.close();
});

function dynamodb({ region }: { readonly region: string }): DynamoDBClient {
  const client = clients.get(region) ?? new DynamoDBClient({ endpoint: aws.url, region, credentials });
  clients.set(region, client);
  return client;
}

/** The table of a set as its stack says it, made by what stands in for CloudFormation. */
async function made(set: StrongSet) {
  const template = built((stack) => {
    new ControlsTable(stack, 'Controls', { deployment: 'acme', ...home, set });
  });
  const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
  const properties = { ...table?.Properties, TableName: `acme-${set.copies.length}` };
  const cloud = { clients: { dynamodb } } as unknown as Cloud;
  const request = { ...home, properties, nameOf: () => 'unnamed' } as unknown as Parameters<
    typeof globalTable.create
  >[0];
  const { physicalId } = await globalTable.create(request, cloud);
  const [, other = ''] = set.copies;
  return (await dynamodb({ region: other }).send(new DescribeTableCommand({ TableName: physicalId }))).Table;
}

it('makes a strongly consistent table with all its copies at once, or with a witness', async () => {
  expect(await made(StrongSet.ofCopies('us-east-1', 'us-east-2', 'us-west-2'))).toMatchObject({
    MultiRegionConsistency: 'STRONG',
    Replicas: [{ RegionName: 'us-east-1' }, { RegionName: 'us-west-2' }],
    GlobalTableWitnesses: [],
  });
  expect(await made(StrongSet.withWitness('us-east-1', 'us-west-2', 'us-east-2'))).toMatchObject({
    MultiRegionConsistency: 'STRONG',
    GlobalTableWitnesses: [{ RegionName: 'us-east-2' }],
  });
});
