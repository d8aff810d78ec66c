/**
 * Creates the product's tables through DynamoDB's public API, for local mode: in AWS the State stack does.
 *
 * Idempotent: what exists already is left as it is, so that a restart finds its tables again.
 */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutResourcePolicyCommand,
  ResourceInUseException,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableDefinition } from '#contract/tables.ts';
import type { AwsCredentials } from './sigv4-signer.ts';

export interface TablePlan {
  readonly definition: TableDefinition;
  readonly name: string;
  readonly arn: string;
  /** The home region, in which the table is created. */
  readonly region: string;
  /** Further regions that hold a replica. */
  readonly replicaRegions: readonly string[];
  /**
   * Makes the replicas strongly consistent, all at once; the witness is beside them.
   * @default - a replica sees others' writes when they come
   */
  readonly strong?: { readonly witness?: string | undefined } | undefined;
  /** Accounts besides the owner that may use the table by its ARN. */
  readonly guestAccounts: readonly string[];
}

const pollMs = 20;
const activeMsMax = 10_000;

/** @throws the SDK's error when the table can be neither created nor found, or does not become active. */
export async function provisionTable(
  plan: TablePlan,
  access: { readonly endpoint: string; readonly credentials: AwsCredentials },
): Promise<void> {
  const client = new DynamoDBClient({ region: plan.region, maxAttempts: 1, ...access });
  try {
    await createTable(client, plan);
    await waitUntilActive(client, plan.name);
    await createReplicas(client, plan);
    // A table that serves its own region alone has no guests, and a policy must name actions.
    if (plan.guestAccounts.length > 0 && plan.definition.guestActions.length > 0) {
      for (const region of [plan.region, ...plan.replicaRegions]) await allowGuests(plan, region, access);
    }
  } finally {
    client.destroy();
  }
}

async function createTable(client: DynamoDBClient, plan: TablePlan): Promise<void> {
  const { partition, sort } = plan.definition.keys;
  try {
    await client.send(
      new CreateTableCommand({
        TableName: plan.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [partition, sort].map((name) => ({
          AttributeName: name,
          AttributeType: 'S' as const,
        })),
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: sort, KeyType: 'RANGE' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

async function waitUntilActive(client: DynamoDBClient, name: string): Promise<void> {
  const end = performance.now() + activeMsMax;
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
    if (performance.now() > end)
      throw new Error(`table ${name} is ${Table?.TableStatus} after ${activeMsMax} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function createReplicas(client: DynamoDBClient, plan: TablePlan): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: plan.name }));
  const present = new Set((Table?.Replicas ?? []).map((replica) => replica.RegionName));
  const missing = plan.replicaRegions.filter((name) => name !== plan.region && !present.has(name));
  if (plan.strong !== undefined) return createStrongReplicas(client, plan, missing);
  // One replica per UpdateTable, as AWS demands.
  for (const region of missing) {
    await client.send(
      new UpdateTableCommand({ TableName: plan.name, ReplicaUpdates: [{ Create: { RegionName: region } }] }),
    );
    await waitUntilActive(client, plan.name);
  }
}

async function createStrongReplicas(
  client: DynamoDBClient,
  { name, strong }: TablePlan,
  missing: readonly string[],
): Promise<void> {
  if (missing.length === 0) return;
  const created = (RegionName: string) => ({ Create: { RegionName } });
  const witness = strong?.witness;
  await client.send(
    new UpdateTableCommand({
      TableName: name,
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: missing.map(created),
      ...(witness === undefined ? {} : { GlobalTableWitnessUpdates: [created(witness)] }),
    }),
  );
  await waitUntilActive(client, name);
}

async function allowGuests(
  plan: TablePlan,
  region: string,
  access: { readonly endpoint: string; readonly credentials: AwsCredentials },
): Promise<void> {
  const client = new DynamoDBClient({ region, maxAttempts: 1, ...access });
  const arn = plan.arn.replace(`:${plan.region}:`, `:${region}:`);
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: plan.guestAccounts.map((account) => `arn:aws:iam::${account}:root`) },
        Action: plan.definition.guestActions,
        Resource: arn,
      },
    ],
  };
  try {
    await client.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy: JSON.stringify(policy) }));
  } finally {
    client.destroy();
  }
}
