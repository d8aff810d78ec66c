import * as client from '@aws-sdk/client-dynamodb';
import { InvalidInput } from '../../wire/wire-error.ts';
import type { Engine, Json } from './engine.ts';
import type { TableAddress } from './table-address.ts';
import type { Tables } from './tables.ts';

/** Members of a description from which a replica's table can be made again. */
const copied = ['AttributeDefinitions', 'KeySchema'] as const;
const pollMs = 1;
const attemptsMax = 2000;

/** Adds and removes replicas of a table, as UpdateTable does for global tables of version 2019.11.21. */
export async function replicaUpdates(
  tables: Tables,
  source: TableAddress,
  updates: readonly Json[],
): Promise<void> {
  for (const update of updates) {
    const { Create, Delete, ...others } = update as { Create?: Json; Delete?: Json };
    const unknown = [...Object.keys(others), ...extras('Create', Create), ...extras('Delete', Delete)];
    if (unknown.length > 0) {
      throw new InvalidInput(
        unknown.map((name) => `${name} of ReplicaUpdates is not offered by the local AWS`),
      );
    }
    if (Create !== undefined) await createReplica(tables, source, String(Create.RegionName));
    if (Delete !== undefined) await deleteReplica(tables, source, String(Delete.RegionName));
  }
}

function extras(kind: string, given: Json | undefined): string[] {
  return Object.keys(given ?? {})
    .filter((name) => name !== 'RegionName')
    .map((name) => `${kind}.${name}`);
}

async function createReplica(tables: Tables, source: TableAddress, region: string): Promise<void> {
  if (region === source.region || tables.replication.regionsOf(source).includes(region)) {
    throw new client.ReplicaAlreadyExistsException({
      message: `Failed to create a the new replica of table with name: '${source.table}' because one already exists in region: ${region}`,
      $metadata: {},
    });
  }
  const description = await tables.describe(source);
  const target = { ...source, region };
  const engine = tables.engineOf(target);
  const made = await engine.call('CreateTable', { TableName: source.table, ...definitionOf(description) });
  if (made.status !== 200) {
    const message = `Failed to create a replica of '${source.table}' in ${region}: ${String(made.body.message)}`;
    throw new client.TableAlreadyExistsException({ message, $metadata: {} });
  }
  await untilActive(engine, source.table);
  tables.book.of(target).description = { ...tables.book.of(source).description };
  const keys = description.KeySchema as { AttributeName: string }[];
  tables.replication.join(
    source,
    region,
    keys.map(({ AttributeName }) => AttributeName),
  );
  await copyItems(tables, source, target);
}

async function deleteReplica(tables: Tables, source: TableAddress, region: string): Promise<void> {
  if (region === source.region || !tables.replication.regionsOf(source).includes(region)) {
    throw new client.ReplicaNotFoundException({
      message: `Update global table operation failed because one or more replicas were not part of the global table: ${region}`,
      $metadata: {},
    });
  }
  const target = { ...source, region };
  tables.replication.leave(target);
  await tables.engineOf(target).call('DeleteTable', { TableName: source.table });
  tables.book.forget(target);
}

async function copyItems(tables: Tables, source: TableAddress, target: TableAddress): Promise<void> {
  let start: unknown;
  do {
    const { body } = await tables.engineOf(source).call('Scan', {
      TableName: source.table,
      ConsistentRead: true,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    await tables.replication.seed(target, (body.Items ?? []) as Json[]);
    start = body.LastEvaluatedKey;
  } while (start !== undefined);
}

async function untilActive(engine: Engine, table: string): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const { body } = await engine.call('DescribeTable', { TableName: table });
    if ((body.Table as Json | undefined)?.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`table ${table} did not become ACTIVE`);
}

function definitionOf(description: Json): Json {
  const billing = (description.BillingModeSummary as Json | undefined)?.BillingMode ?? 'PROVISIONED';
  const definition: Json = { BillingMode: billing };
  for (const name of copied) definition[name] = description[name];
  if (billing === 'PROVISIONED') definition.ProvisionedThroughput = throughputOf(description);
  for (const name of ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'] as const) {
    const indexes = description[name] as Json[] | undefined;
    if (indexes === undefined) continue;
    const own = name === 'GlobalSecondaryIndexes' && billing === 'PROVISIONED';
    definition[name] = indexes.map((index) => ({
      IndexName: index.IndexName,
      KeySchema: index.KeySchema,
      Projection: index.Projection,
      ...(own ? { ProvisionedThroughput: throughputOf(index) } : {}),
    }));
  }
  return definition;
}

function throughputOf({ ProvisionedThroughput: given }: Json): Json {
  const { ReadCapacityUnits, WriteCapacityUnits } = given as Json;
  return { ReadCapacityUnits, WriteCapacityUnits };
}
