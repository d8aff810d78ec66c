/** Files, batches and chunks in the `batches` table of one gateway region: see `batch-items.ts`. */
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { batchKeys } from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import type { Batch } from '#core/batch/batch.ts';
import type { Chunk } from '#core/batch/chunk.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import type { StoredUpload } from '#core/batch/stored-upload.ts';
import type { BatchStore, Page, PageRequest, RequestMark } from '#usecases/ports/batch-store.ts';
import {
  batchOfItem,
  batchOwner,
  chunkItem,
  chunkOfItem,
  fileOfItem,
  itemOfBatch,
  itemOfFile,
  itemOfUpload,
  itemPrefixes,
  tenantOwner,
  uploadOfItem,
} from './batch-items.ts';
import { createDynamodbTable, type DynamodbTable, type TableItem } from './dynamodb-table.ts';
import { toHouseError } from './to-house-error.ts';

export interface DynamodbBatchStoreOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** How long batches are shown after they were made. */
  readonly keptMs: number;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}

const CALL_MS_MAX = 2_000;
/** DynamoDB forgets an item within days of its time; ours is later than any answer of it. */
const GRACE_MS = 24 * 3_600_000;

export function createDynamodbBatchStore(options: DynamodbBatchStoreOptions): BatchStore {
  return new DynamodbBatchStore(options);
}

class DynamodbBatchStore implements BatchStore {
  private readonly client: DynamoDBClient;
  private readonly name: string;
  private readonly keptMs: number;
  private readonly callMsMax: number;
  private readonly table: DynamodbTable;

  constructor({ client, table, keptMs, callMsMax = CALL_MS_MAX }: DynamodbBatchStoreOptions) {
    this.client = client;
    this.name = table;
    this.keptMs = keptMs;
    this.callMsMax = callMsMax;
    this.table = createDynamodbTable({ client, table, keys: batchKeys, callMsMax });
  }

  async loadFile(tenant: string, id: string): Promise<StoredFile | undefined> {
    const item = await this.table.get({ partition: tenantOwner(tenant), sort: itemPrefixes.file + id });
    return item === undefined ? undefined : fileOfItem(item);
  }

  listFiles(tenant: string, page: PageRequest): Promise<Page<StoredFile>> {
    return this.list(tenant, { ...page, prefix: itemPrefixes.file, read: fileOfItem });
  }

  saveFile(file: StoredFile): Promise<boolean> {
    const key = { owner: tenantOwner(file.tenant), item: itemPrefixes.file + file.id };
    return this.save({ ...key, ...itemOfFile(file) }, file.revision, file.expiresAt);
  }

  async removeFile({ tenant, id, revision }: StoredFile): Promise<boolean> {
    const call = new DeleteItemCommand({
      TableName: this.name,
      Key: marshall({ owner: tenantOwner(tenant), item: itemPrefixes.file + id }),
      ConditionExpression: '#revision = :revision',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: marshall({ ':revision': revision }),
    });
    try {
      await this.client.send(call, this.limits());
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw toHouseError(error, 'DeleteItem');
    }
  }

  async loadUpload(tenant: string, id: string): Promise<StoredUpload | undefined> {
    const item = await this.table.get({ partition: tenantOwner(tenant), sort: itemPrefixes.upload + id });
    return item === undefined ? undefined : uploadOfItem(item);
  }

  saveUpload(upload: StoredUpload): Promise<boolean> {
    const key = { owner: tenantOwner(upload.tenant), item: itemPrefixes.upload + upload.id };
    return this.save({ ...key, ...itemOfUpload(upload) }, upload.revision, upload.expiresAt);
  }

  async loadBatch(tenant: string, id: string): Promise<Batch | undefined> {
    const item = await this.table.get({ partition: tenantOwner(tenant), sort: itemPrefixes.batch + id });
    return item === undefined ? undefined : batchOfItem(item);
  }

  listBatches(tenant: string, page: PageRequest): Promise<Page<Batch>> {
    return this.list(tenant, { ...page, prefix: itemPrefixes.batch, read: batchOfItem });
  }

  saveBatch(batch: Batch): Promise<boolean> {
    const key = { owner: tenantOwner(batch.tenant), item: itemPrefixes.batch + batch.id };
    return this.save({ ...key, ...itemOfBatch(batch) }, batch.revision, batch.createdAt + this.keptMs);
  }

  async loadChunk(batch: string, index: number): Promise<Chunk | undefined> {
    const item = await this.table.get({ partition: batchOwner(batch), sort: chunkItem(index) });
    return item === undefined ? undefined : chunkOfItem(item);
  }

  async loadChunks(batch: string): Promise<readonly Chunk[]> {
    const items = await this.table.query({
      partition: batchOwner(batch),
      sortPrefix: itemPrefixes.chunk,
    });
    return items.map(chunkOfItem);
  }

  /** Counted by the table: what it counts is paid for and not sent. */
  async countDone(
    batch: string,
    { first, last }: { readonly first: number; readonly last: number },
  ): Promise<number> {
    let count = 0;
    let start: Wire | undefined;
    do {
      const answer = await this.sendQuery(
        new QueryCommand({
          TableName: this.name,
          ConsistentRead: true,
          KeyConditionExpression: '#owner = :owner AND #item BETWEEN :first AND :last',
          FilterExpression: 'attribute_exists(#part)',
          ExpressionAttributeNames: {
            '#owner': batchKeys.partition,
            '#item': batchKeys.sort,
            '#part': 'part',
          },
          ExpressionAttributeValues: marshall({
            ':owner': batchOwner(batch),
            ':first': chunkItem(first),
            ':last': chunkItem(last),
          }),
          Select: 'COUNT',
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      count += answer.Count;
      start = answer.LastEvaluatedKey;
    } while (start !== undefined);
    return count;
  }

  saveChunk(chunk: Chunk, forgetAt: number): Promise<boolean> {
    const key = { owner: batchOwner(chunk.batch), item: chunkItem(chunk.index) };
    return this.save({ ...key, ...chunk }, chunk.revision, forgetAt);
  }

  async firstOf({ tenant, mark, id, at, keptMs, anew }: RequestMark): Promise<string> {
    const key = { owner: tenantOwner(tenant), item: itemPrefixes.once + mark };
    const item = { ...key, id, until: at + keptMs, [timeToLiveAttribute]: secondsAfter(at + keptMs) };
    const unlessKept = {
      expression: 'attribute_not_exists(#owner) OR #until <= :at',
      names: { '#owner': batchKeys.partition, '#until': 'until' },
      values: { ':at': at },
    };
    const { written } = await this.table.put(item, anew ? undefined : unlessKept);
    if (written) return id;
    const standing = await this.table.get({ partition: key.owner, sort: key.item });
    return typeof standing?.id === 'string' ? standing.id : id;
  }

  /** The first revision stands where nothing did, every other on the one before it. */
  private async save(item: TableItem, revision: number, forgetAt: number): Promise<boolean> {
    const condition =
      revision === 1
        ? { expression: 'attribute_not_exists(#owner)', names: { '#owner': batchKeys.partition } }
        : {
            expression: '#revision = :before',
            names: { '#revision': 'revision' },
            values: { ':before': revision - 1 },
          };
    const { written } = await this.table.put(
      { ...item, [timeToLiveAttribute]: secondsAfter(forgetAt) },
      condition,
    );
    return written;
  }

  private async list<Item>(
    tenant: string,
    page: PageRequest & { readonly prefix: string; readonly read: (item: unknown) => Item },
  ): Promise<Page<Item>> {
    const { after, limit, oldestFirst = false, prefix, read } = page;
    const owner = tenantOwner(tenant);
    const items: Item[] = [];
    let start = after === undefined ? undefined : marshall({ owner, item: prefix + after });
    do {
      const call: QueryCommand = new QueryCommand({
        TableName: this.name,
        ConsistentRead: true,
        KeyConditionExpression: '#owner = :owner AND begins_with(#item, :prefix)',
        ExpressionAttributeNames: { '#owner': batchKeys.partition, '#item': batchKeys.sort },
        ExpressionAttributeValues: marshall({ ':owner': owner, ':prefix': prefix }),
        ScanIndexForward: oldestFirst,
        // One more than is shown tells whether there are more.
        Limit: limit + 1 - items.length,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const answer = await this.sendQuery(call);
      items.push(...answer.Items.map((item) => read(unmarshall(item))));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined && items.length <= limit);
    return { items: items.slice(0, limit), hasMore: items.length > limit };
  }

  private async sendQuery(call: QueryCommand): Promise<QueryPage> {
    try {
      const { Items = [], Count = 0, LastEvaluatedKey } = await this.client.send(call, this.limits());
      return { Items, Count, LastEvaluatedKey };
    } catch (error) {
      throw toHouseError(error, 'Query');
    }
  }

  private limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.callMsMax) };
  }
}

type Wire = Record<string, AttributeValue>;

interface QueryPage {
  readonly Items: readonly Wire[];
  readonly Count: number;
  readonly LastEvaluatedKey: Wire | undefined;
}

function secondsAfter(at: number): number {
  return Math.ceil((at + GRACE_MS) / 1000);
}
