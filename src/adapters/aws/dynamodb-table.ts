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
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  keyCondition,
  type TableCondition,
  type TableQuery,
  wireCondition,
  wireFilter,
} from './dynamodb-expressions.ts';
import { readPages, untilNothingIsLeft, type WireItem } from './dynamodb-parts.ts';
import { toHouseError, translated } from './to-house-error.ts';

export type TableItem = Record<string, unknown>;

interface TableKey {
  readonly partition: string;
  readonly sort: string;
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
  /** Does nothing where the condition does not hold. */
  delete(key: TableKey, condition?: TableCondition): Promise<void>;
}

const CALL_MS_MAX = 2_000;
const BATCH_GET_MAX = 100;

export interface DynamodbTableOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  readonly keys: { readonly partition: string; readonly sort: string };
  /** Reads see every write of this region that ended before. @default true */
  readonly consistentReads?: boolean | undefined;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}

export function createDynamodbTable(options: DynamodbTableOptions): DynamodbTable {
  return new SdkTable(options);
}

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
      const batch = wanted.slice(start, start + BATCH_GET_MAX).map((key) => this.wireKey(key));
      await untilNothingIsLeft('BatchGetItem', batch, async (keys) => {
        const call = new BatchGetItemCommand({
          RequestItems: { [this.name]: { Keys: [...keys], ConsistentRead: this.consistent } },
        });
        const answer = await this.client.send(call, this.limits());
        const rows = Object.values(answer.Responses ?? {}).flat();
        items.push(...rows.map((row) => unmarshall(row)));
        return Object.values(answer.UnprocessedKeys ?? {}).flatMap((each) => each.Keys ?? []);
      });
    }
    return items;
  }

  query(options: TableQuery): Promise<readonly TableItem[]> {
    const { descending = false, limit } = options;
    const wanted = {
      TableName: this.name,
      ConsistentRead: this.consistent,
      ...keyCondition(this.keys, options),
      ScanIndexForward: !descending,
    };
    return readPages(
      'Query',
      ({ start, itemsRead }) => {
        const rest = limit === undefined ? {} : { Limit: limit - itemsRead };
        return this.client.send(new QueryCommand({ ...wanted, ...rest, ...start }), this.limits());
      },
      limit,
    );
  }

  scan({ pageItemsMax, filter }: TableScan = {}): Promise<readonly TableItem[]> {
    const wanted = {
      TableName: this.name,
      ...(pageItemsMax === undefined ? {} : { Limit: pageItemsMax }),
      ...(filter === undefined ? {} : wireFilter(filter)),
      ConsistentRead: this.consistent,
    };
    return readPages('Scan', ({ start }) =>
      this.client.send(new ScanCommand({ ...wanted, ...start }), this.limits()),
    );
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
    const batch: readonly WriteRequest[] = [
      ...puts.map((item) => ({ PutRequest: { Item: wireItem(item) } })),
      ...deletes.map((key) => ({ DeleteRequest: { Key: this.wireKey(key) } })),
    ];
    await untilNothingIsLeft('BatchWriteItem', batch, async (requests) => {
      const call = new BatchWriteItemCommand({ RequestItems: { [this.name]: [...requests] } });
      const answer = await this.client.send(call, this.limits());
      return Object.values(answer.UnprocessedItems ?? {}).flat();
    });
  }

  async delete(key: TableKey, condition?: TableCondition): Promise<void> {
    const call = new DeleteItemCommand({
      TableName: this.name,
      Key: this.wireKey(key),
      ...(condition === undefined ? {} : wireCondition(condition)),
    });
    try {
      await this.client.send(call, this.limits());
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return;
      throw toHouseError(error, 'DeleteItem');
    }
  }

  private wireKey(key: TableKey): WireItem {
    return { [this.keys.partition]: { S: key.partition }, [this.keys.sort]: { S: key.sort } };
  }

  private limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.callMsMax) };
  }
}

function wireItem(item: TableItem): WireItem {
  return marshall(item, { removeUndefinedValues: true });
}
