/**
 * Shared health in the routing table.
 *
 *     model      residency           what
 *     #health    <region>#<key>      what gateways of that region saw of a target or a region, written by them alone
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { healthItemSchema } from '#contract/health-item.ts';
import { routeKeys } from '#contract/resources.ts';
import { healthPartition, healthSort, healthSortPrefix, timeToLiveAttribute } from '#contract/table-keys.ts';
import type { HealthStore, StoredHealth } from '#usecases/ports/health-store.ts';
import { createDynamodbTable, type TableItem } from './dynamodb-table.ts';

/** Garbage collection only: what an item says is judged by its own times. */
const KEPT_SECONDS = 3600;
/** Far more than a region has targets that fail. */
const ITEMS_MAX = 1000;

export function createDynamodbHealthStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** Whose items are read and written. */
  readonly region: string;
  /** @default 1000 */
  readonly callMsMax?: number | undefined;
}): HealthStore {
  const { client, region, callMsMax = 1000 } = options;
  const settings = { client, table: options.table, keys: routeKeys, callMsMax };
  const exact = createDynamodbTable(settings);
  // Read again every second: half the price and any node will do.
  const near = createDynamodbTable({ ...settings, consistentReads: false });
  const readItem = (item: TableItem): StoredHealth | undefined => readHealth(item, region);
  return {
    region,
    async loadAll() {
      const sortPrefix = healthSortPrefix(region);
      const read = await near.query({ partition: healthPartition, sortPrefix, limit: ITEMS_MAX });
      const items = read.flatMap((item) => readItem(item) ?? []);
      return { items, badItems: read.length - items.length };
    },
    async load(key) {
      const item = await exact.get({ partition: healthPartition, sort: healthSort(region, key) });
      return item === undefined ? undefined : readItem(item);
    },
    async save({ key, revision, health }, seen) {
      const item = {
        [routeKeys.partition]: healthPartition,
        [routeKeys.sort]: healthSort(region, key),
        ...{ schema: 1, key, region, revision, ...health },
        [timeToLiveAttribute]: Math.ceil(revision / 1000) + KEPT_SECONDS,
      };
      const { written } = await exact.put(item, conditionOf(revision, seen));
      return written;
    },
  };
}

/** Revisions are times: one that nobody could read for an hour is written over. */
function conditionOf(revision: number, seen: number | undefined) {
  const names = { '#revision': 'revision' };
  return seen === undefined
    ? {
        expression: 'attribute_not_exists(#revision) OR #revision < :old',
        names,
        values: { ':old': revision - KEPT_SECONDS * 1000 },
      }
    : { expression: '#revision = :seen', names, values: { ':seen': seen } };
}

/** Undefined for an item of another shape, or one that stands under a name that is not its own. */
function readHealth(item: TableItem, region: string): StoredHealth | undefined {
  const parsed = healthItemSchema.safeParse(item);
  if (!parsed.success || parsed.data.region !== region) return undefined;
  const { key, revision, failures, goods, tallies, standing } = parsed.data;
  if (item[routeKeys.sort] !== healthSort(region, key)) return undefined;
  const health = { failures, goods, tallies, ...(standing === undefined ? {} : { standing }) };
  return { key, revision, health };
}
