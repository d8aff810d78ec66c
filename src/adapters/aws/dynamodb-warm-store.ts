/**
 * Words of sleeping targets in the capacity table of the gateway's own region: one small item, with an attribute for each
 * target, `<kind> <epoch milliseconds> <pool>`. An update of one never meets that of another.
 */
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { capacityKeys } from '#contract/resources.ts';
import { awakePartition, capacityItems, timeToLiveAttribute } from '#contract/table-keys.ts';
import type { WarmWord } from '#core/warmth/warm-word.ts';
import type { WarmStore } from '#usecases/ports/warm-store.ts';
import { createDynamodbTable } from './dynamodb-table.ts';
import { translated } from './to-house-error.ts';

const CALL_MS_MAX = 500;
/** Garbage collection only: what a word says is judged by its own time. */
const KEPT_SECONDS = 3_600;

const wordPattern = /^(awake|cold) (\d{1,16}) (\S{1,2048})$/;
const ownAttributes: ReadonlySet<string> = new Set([
  capacityKeys.partition,
  capacityKeys.sort,
  timeToLiveAttribute,
]);

export function createDynamodbWarmStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN of the capacity table. */
  readonly table: string;
  /** @default 500 */
  readonly callMsMax?: number | undefined;
}): WarmStore {
  const { client, table: name, callMsMax = CALL_MS_MAX } = options;
  // Read again every few seconds: half the price and any node will do.
  const settings = { client, table: name, keys: capacityKeys, consistentReads: false, callMsMax };
  const table = createDynamodbTable(settings);
  return {
    async load() {
      const item = (await table.get({ partition: awakePartition, sort: capacityItems.awake })) ?? {};
      const told = Object.entries(item).filter(([attribute]) => !ownAttributes.has(attribute));
      const words = told.flatMap(([target, text]) => wordOf(target, text) ?? []);
      return { words, badWords: told.length - words.length };
    },
    async tell(word) {
      const update = telling(name, word);
      const limits = { abortSignal: AbortSignal.timeout(callMsMax) };
      await translated('UpdateItem', () => client.send(update, limits));
    },
  };
}

function telling(table: string, { target, kind, at, pool }: WarmWord): UpdateItemCommand {
  return new UpdateItemCommand({
    TableName: table,
    Key: {
      [capacityKeys.partition]: { S: awakePartition },
      [capacityKeys.sort]: { S: capacityItems.awake },
    },
    UpdateExpression: 'SET #target = :word, #ends = :ends',
    ExpressionAttributeNames: { '#target': target, '#ends': timeToLiveAttribute },
    ExpressionAttributeValues: {
      ':word': { S: `${kind} ${Math.floor(at)} ${pool}` },
      ':ends': { N: String(Math.ceil(at / 1000) + KEPT_SECONDS) },
    },
  });
}

function wordOf(target: string, text: unknown): WarmWord | undefined {
  const [, kind, at, pool] = (typeof text === 'string' && wordPattern.exec(text)) || [];
  if (kind === undefined || at === undefined || pool === undefined) return undefined;
  return { target, pool, kind: kind === 'awake' ? 'awake' : 'cold', at: Number(at) };
}
