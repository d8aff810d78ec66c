/** The keys of a deployment's tables at home, as DynamoDB describes them. Throws the SDK's own error. */
import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { TableKeys } from '#usecases/ports/table-keys.ts';
import { type AccountProbeOptions, createTableClient } from './account-probe.ts';

export function createTableKeys(tables: readonly string[], options: AccountProbeOptions): TableKeys {
  return {
    async underKeysOfDynamodb() {
      const client = createTableClient(options);
      try {
        const owned = await Promise.all(tables.map((table) => isUnderKeyOfDynamodb(client, table)));
        return tables.filter((_, index) => owned[index] === true);
      } finally {
        client.destroy();
      }
    },
  };
}

async function isUnderKeyOfDynamodb(client: DynamoDBClient, table: string): Promise<boolean> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    // A table under a key of DynamoDB's own says nothing of encryption at all.
    return Table !== undefined && Table.SSEDescription === undefined;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
