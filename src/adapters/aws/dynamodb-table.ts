/**
 * One DynamoDB table with two string keys, and only what every engine does: no transactions, no streams, no
 * ReturnValuesOnConditionCheckFailure. Values are plain JSON (and bytes) on both sides.
 */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { houseError } from '#core/errors/catalogue.ts';
import { translated } from './to-house-error.ts';

export type TableItem = Record<string, unknown>;

export interface TableKey {
  readonly partition: string;
  readonly sort: string;
}

export interface DynamodbTable {
  get(key: TableKey): Promise<TableItem | undefined>;
  /** In any order; keys without an item are left out. */
  getMany(keys: readonly TableKey[]): Promise<readonly TableItem[]>;
  /** All pages, or the first `limit` items. */
  query(options: {
    readonly partition: string;
    readonly sortPrefix?: string | undefined;
    /** Sort keys from here on, this one included. Not together with `sortPrefix`. */
    readonly sortFrom?: string | undefined;
    /** @default false */
    readonly descending?: boolean;
    readonly limit?: number | undefined;
  }): Promise<readonly TableItem[]>;
  /** False when the condition did not hold. `replaced` is the item that stood before. */
  put(
    item: TableItem,
    condition?: PutCondition,
  ): Promise<{ readonly written: boolean; readonly replaced?: TableItem | undefined }>;
  /** At most 25 puts and deletes, each on its own: some may be done when it throws. */
  writeMany(puts: readonly TableItem[], deletes: readonly TableKey[]): Promise<void>;
  delete(key: TableKey): Promise<void>;
}

export interface PutCondition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

const CALL_MS_MAX = 5_000;
const BATCH_GET_MAX = 100;
const BATCH_ROUNDS_MAX = 8;

export function createDynamodbTable(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  readonly keys: { readonly partition: string; readonly sort: string };
  /** Reads see every write of this region that ended before. @default true */
  readonly consistentReads?: boolean | undefined;
  /** @default 5000 */
  readonly callMsMax?: number | undefined;
}): DynamodbTable {
  const { client, table: TableName, keys, consistentReads = true, callMsMax = CALL_MS_MAX } = options;
  const wireKey = (key: TableKey) => ({
    [keys.partition]: { S: key.partition },
    [keys.sort]: { S: key.sort },
  });
  const limits = () => ({ abortSignal: AbortSignal.timeout(callMsMax) });

  return {
    async get(key) {
      const call = new GetItemCommand({ TableName, Key: wireKey(key), ConsistentRead: consistentReads });
      const { Item } = await translated('GetItem', () => client.send(call, limits()));
      return Item === undefined ? undefined : unmarshall(Item);
    },

    async getMany(wanted) {
      const items: TableItem[] = [];
      for (let start = 0; start < wanted.length; start += BATCH_GET_MAX) {
        let rest = wanted.slice(start, start + BATCH_GET_MAX).map(wireKey);
        for (let round = 0; rest.length > 0; round += 1) {
          if (round === BATCH_ROUNDS_MAX) {
            throw houseError('throttled', {
              message: `BatchGetItem left ${rest.length} keys unread`,
              facts: { operation: 'BatchGetItem', errorName: 'UnprocessedKeys' },
            });
          }
          const call = new BatchGetItemCommand({
            RequestItems: { [TableName]: { Keys: rest, ConsistentRead: consistentReads } },
          });
          const answer = await translated('BatchGetItem', () => client.send(call, limits()));
          items.push(
            ...Object.values(answer.Responses ?? {}).flatMap((rows) => rows.map((row) => unmarshall(row))),
          );
          rest = Object.values(answer.UnprocessedKeys ?? {}).flatMap(
            (each) => each.Keys ?? [],
          ) as typeof rest;
        }
      }
      return items;
    },

    async query({ partition, sortPrefix, sortFrom, descending = false, limit }) {
      const items: TableItem[] = [];
      let start: QueryStart;
      do {
        const call = new QueryCommand({
          TableName,
          ConsistentRead: consistentReads,
          ...keyCondition(keys, { partition, sortPrefix, sortFrom }),
          ScanIndexForward: !descending,
          ...(limit === undefined ? {} : { Limit: limit - items.length }),
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        });
        const answer = await translated('Query', () => client.send(call, limits()));
        items.push(...(answer.Items ?? []).map((item) => unmarshall(item)));
        start = answer.LastEvaluatedKey;
      } while (start !== undefined && (limit === undefined || items.length < limit));
      return items;
    },

    async put(item, condition) {
      const call = new PutItemCommand({
        TableName,
        Item: marshall(item, { removeUndefinedValues: true }),
        ReturnValues: 'ALL_OLD',
        ...(condition === undefined ? {} : wireCondition(condition)),
      });
      try {
        const { Attributes } = await client.send(call, limits());
        return { written: true, replaced: Attributes === undefined ? undefined : unmarshall(Attributes) };
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
          return { written: false };
        return await translated('PutItem', () => Promise.reject(error));
      }
    },

    async writeMany(puts, deletes) {
      let rest: readonly WriteRequest[] = [
        ...puts.map((item) => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } })),
        ...deletes.map((key) => ({ DeleteRequest: { Key: wireKey(key) } })),
      ];
      for (let round = 0; rest.length > 0; round += 1) {
        if (round === BATCH_ROUNDS_MAX) {
          throw houseError('throttled', {
            message: `BatchWriteItem left ${rest.length} items unwritten`,
            facts: { operation: 'BatchWriteItem', errorName: 'UnprocessedItems' },
          });
        }
        const call = new BatchWriteItemCommand({ RequestItems: { [TableName]: [...rest] } });
        const answer = await translated('BatchWriteItem', () => client.send(call, limits()));
        rest = Object.values(answer.UnprocessedItems ?? {}).flat();
      }
    },

    async delete(key) {
      const call = new DeleteItemCommand({ TableName, Key: wireKey(key) });
      await translated('DeleteItem', () => client.send(call, limits()));
    },
  };
}

type QueryStart = QueryCommand['input']['ExclusiveStartKey'];

function keyCondition(
  keys: { readonly partition: string; readonly sort: string },
  which: {
    readonly partition: string;
    readonly sortPrefix?: string | undefined;
    readonly sortFrom?: string | undefined;
  },
) {
  const { partition, sortPrefix, sortFrom } = which;
  const bound = sortPrefix ?? sortFrom;
  const clause = sortPrefix === undefined ? '#sort >= :sort' : 'begins_with(#sort, :sort)';
  return {
    KeyConditionExpression:
      bound === undefined ? '#partition = :partition' : `#partition = :partition AND ${clause}`,
    ExpressionAttributeNames: {
      '#partition': keys.partition,
      ...(bound === undefined ? {} : { '#sort': keys.sort }),
    },
    ExpressionAttributeValues: {
      ':partition': { S: partition },
      ...(bound === undefined ? {} : { ':sort': { S: bound } }),
    },
  };
}

function wireCondition({ expression, names, values }: PutCondition) {
  return {
    ConditionExpression: expression,
    ExpressionAttributeNames: { ...names },
    ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values) }),
  };
}
