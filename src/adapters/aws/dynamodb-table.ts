/**
 * One DynamoDB table with two string keys, and only what every engine does: no transactions, no streams, no
 * ReturnValuesOnConditionCheckFailure. Values are plain JSON (and bytes) on both sides.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { houseError } from '#core/errors/catalogue.ts';
import { toHouseError, translated } from './to-house-error.ts';

export type TableItem = Record<string, unknown>;

interface TableKey {
  readonly partition: string;
  readonly sort: string;
}

interface TableQuery {
  readonly partition: string;
  readonly sortPrefix?: string | undefined;
  /** Sort keys from here on, this one included. Not together with `sortPrefix`. */
  readonly sortFrom?: string | undefined;
  /** @default false */
  readonly descending?: boolean;
  readonly limit?: number | undefined;
}

interface TableScan {
  /** Items looked at in one page: decoding a page holds up whatever else the process does. @default what 1 MB holds */
  readonly pageItemsMax?: number;
  /** Applied by the table: what does not pass is paid for and not sent. @default every item passes */
  readonly filter?: TableCondition | undefined;
}

export interface DynamodbTable {
  get(key: TableKey): Promise<TableItem | undefined>;
  /** In any order; keys without an item are left out. */
  getMany(keys: readonly TableKey[]): Promise<readonly TableItem[]>;
  /** All pages, or the first `limit` items. */
  query(options: TableQuery): Promise<readonly TableItem[]>;
  /** Every item that passes the filter, in any order: for tables that are small and read whole. */
  scan(options?: TableScan): Promise<readonly TableItem[]>;
  put(
    item: TableItem,
    condition?: TableCondition,
  ): Promise<{ readonly written: boolean; readonly replaced?: TableItem | undefined }>;
  /** At most 25 puts and deletes, each on its own: some may be done when it throws. */
  writeMany(puts: readonly TableItem[], deletes: readonly TableKey[]): Promise<void>;
  delete(key: TableKey): Promise<void>;
}

interface TableCondition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

const CALL_MS_MAX = 2_000;
const BATCH_GET_MAX = 100;
const BATCH_ROUNDS_MAX = 8;

export interface DynamodbTableOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  readonly keys: { readonly partition: string; readonly sort: string };
  /** Reads see every write of this region that ended before. @default true */
  readonly consistentReads?: boolean | undefined;
  /** @default 5000 */
  readonly callMsMax?: number | undefined;
}

export function createDynamodbTable(options: DynamodbTableOptions): DynamodbTable {
  return new SdkTable(options);
}

type WireKey = Record<string, AttributeValue>;

class SdkTable implements DynamodbTable {
  private readonly client: DynamoDBClient;
  private readonly name: string;
  private readonly keys: DynamodbTableOptions['keys'];
  private readonly consistent: boolean;
  private readonly callMsMax: number;

  constructor(options: DynamodbTableOptions) {
    this.client = options.client;
    this.name = options.table;
    this.keys = options.keys;
    this.consistent = options.consistentReads ?? true;
    this.callMsMax = options.callMsMax ?? CALL_MS_MAX;
  }

  async get(key: TableKey): Promise<TableItem | undefined> {
    const call = new GetItemCommand({
      TableName: this.name,
      Key: this.wireKey(key),
      ConsistentRead: this.consistent,
    });
    const { Item } = await translated('GetItem', () => this.client.send(call, this.limits()));
    return Item === undefined ? undefined : unmarshall(Item);
  }

  async getMany(wanted: readonly TableKey[]): Promise<readonly TableItem[]> {
    const items: TableItem[] = [];
    for (let start = 0; start < wanted.length; start += BATCH_GET_MAX) {
      let rest: readonly WireKey[] = wanted
        .slice(start, start + BATCH_GET_MAX)
        .map((key) => this.wireKey(key));
      for (let round = 0; rest.length > 0; round += 1) {
        if (round === BATCH_ROUNDS_MAX) throw leftOver('BatchGetItem', rest.length);
        const call = new BatchGetItemCommand({
          RequestItems: { [this.name]: { Keys: [...rest], ConsistentRead: this.consistent } },
        });
        const answer = await translated('BatchGetItem', () => this.client.send(call, this.limits()));
        items.push(
          ...Object.values(answer.Responses ?? {}).flatMap((rows) => rows.map((row) => unmarshall(row))),
        );
        rest = Object.values(answer.UnprocessedKeys ?? {}).flatMap((each) => each.Keys ?? []);
      }
    }
    return items;
  }

  async query(options: TableQuery): Promise<readonly TableItem[]> {
    const { descending = false, limit } = options;
    const items: TableItem[] = [];
    let start: WireKey | undefined;
    do {
      const call = new QueryCommand({
        TableName: this.name,
        ConsistentRead: this.consistent,
        ...keyCondition(this.keys, options),
        ScanIndexForward: !descending,
        ...(limit === undefined ? {} : { Limit: limit - items.length }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const answer = await translated('Query', () => this.client.send(call, this.limits()));
      items.push(...(answer.Items ?? []).map((item) => unmarshall(item)));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined && (limit === undefined || items.length < limit));
    return items;
  }

  async scan({ pageItemsMax, filter }: TableScan = {}): Promise<readonly TableItem[]> {
    const items: TableItem[] = [];
    let start: WireKey | undefined;
    do {
      const call = new ScanCommand({
        TableName: this.name,
        ...(pageItemsMax === undefined ? {} : { Limit: pageItemsMax }),
        ...(filter === undefined ? {} : wireFilter(filter)),
        ConsistentRead: this.consistent,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const answer = await translated('Scan', () => this.client.send(call, this.limits()));
      items.push(...(answer.Items ?? []).map((item) => unmarshall(item)));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }

  async put(
    item: TableItem,
    condition?: TableCondition,
  ): Promise<{ readonly written: boolean; readonly replaced?: TableItem | undefined }> {
    const call = new PutItemCommand({
      TableName: this.name,
      Item: wireItem(item),
      ReturnValues: 'ALL_OLD',
      ...(condition === undefined ? {} : wireCondition(condition)),
    });
    try {
      const { Attributes } = await this.client.send(call, this.limits());
      return { written: true, replaced: Attributes === undefined ? undefined : unmarshall(Attributes) };
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
        return { written: false };
      throw toHouseError(error, 'PutItem');
    }
  }

  async writeMany(puts: readonly TableItem[], deletes: readonly TableKey[]): Promise<void> {
    let rest: readonly WriteRequest[] = [
      ...puts.map((item) => ({ PutRequest: { Item: wireItem(item) } })),
      ...deletes.map((key) => ({ DeleteRequest: { Key: this.wireKey(key) } })),
    ];
    for (let round = 0; rest.length > 0; round += 1) {
      if (round === BATCH_ROUNDS_MAX) throw leftOver('BatchWriteItem', rest.length);
      const call = new BatchWriteItemCommand({ RequestItems: { [this.name]: [...rest] } });
      const answer = await translated('BatchWriteItem', () => this.client.send(call, this.limits()));
      rest = Object.values(answer.UnprocessedItems ?? {}).flat();
    }
  }

  async delete(key: TableKey): Promise<void> {
    const call = new DeleteItemCommand({ TableName: this.name, Key: this.wireKey(key) });
    await translated('DeleteItem', () => this.client.send(call, this.limits()));
  }

  private wireKey(key: TableKey): WireKey {
    return { [this.keys.partition]: { S: key.partition }, [this.keys.sort]: { S: key.sort } };
  }

  private limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.callMsMax) };
  }
}

/** The table was too busy for a part of a batch, again and again. */
function leftOver(operation: string, count: number): Error {
  return houseError('throttled', {
    message: `${operation} left ${count} items undone`,
    facts: { operation, errorName: 'Unprocessed' },
  });
}

function wireItem(item: TableItem): WireKey {
  return marshall(item, { removeUndefinedValues: true });
}

function keyCondition(keys: { readonly partition: string; readonly sort: string }, which: TableQuery) {
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

function wireCondition({ expression, names, values }: TableCondition) {
  return {
    ConditionExpression: expression,
    ExpressionAttributeNames: { ...names },
    ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values) }),
  };
}

function wireFilter(filter: TableCondition) {
  const { ConditionExpression: FilterExpression, ...rest } = wireCondition(filter);
  return { FilterExpression, ...rest };
}
