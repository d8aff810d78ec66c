/**
 * The routing table in DynamoDB. Its items are a public contract: other gateways read them.
 *
 *     model            residency              what
 *     <model>          <residency>            the route that stands
 *     history#<model>  <residency>#<version>  a version that stood
 *     #control#<region>  hold#…               an operator's hold, written by that region
 *     #signals#<region>  <target id>          what gateways of that region saw, written by them
 */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { holdSchema } from '#contract/hold-item.ts';
import { routeKeys } from '#contract/resources.ts';
import { routeItemSchema } from '#contract/route-item.ts';
import {
  controlPartition,
  HISTORY_VERSIONS_MAX,
  historyPartition,
  historySort,
  holdSort,
  holdSortPrefix,
  signalPartition,
  timeToLiveAttribute,
} from '#contract/table-keys.ts';
import { canonicalJson } from '#core/plan/canonical-json.ts';
import type { Hold, PlacedHold, Route, Signal } from '#core/plan/route.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { BadRouteItem, RouteStore } from '#usecases/ports/route-store.ts';
import { createDynamodbTable, type DynamodbTable, type TableItem } from './dynamodb-table.ts';

export interface DynamodbRouteStoreOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** Logical models: `loadAll` asks for each, and never scans the history. */
  readonly models: readonly string[];
  /** The region whose control items this process writes. */
  readonly region: string;
  /** Regions whose control and signal items are read: the gateways', home and standby. */
  readonly regions: readonly string[];
  readonly digest: Digest;
  /**
   * Days that a version is kept after another one took its place, thirty versions at least.
   * @default - thirty versions, however old they are
   */
  readonly historyDays?: number | undefined;
  /** @default true */
  readonly consistentReads?: boolean | undefined;
  /** @default 5000 */
  readonly callMsMax?: number | undefined;
}

const signalSchema = z.object({
  target: z.string().min(1),
  gatewayRegion: z.string().min(1),
  outcome: z.string(),
  errorName: z.string().optional(),
  at: z.number(),
});

const DAY_MS = 86_400_000;
/** Of the oldest versions: one publication takes away two at most, and adds one. */
const OLDEST_LOOKED_AT = 3;

/** Garbage collection only: what a signal or a hold says is judged by its own times. */
const SIGNAL_KEPT_SECONDS = 86_400;
const HOLD_KEPT_SECONDS = 7 * 86_400;

export function createDynamodbRouteStore(options: DynamodbRouteStoreOptions): RouteStore {
  return new DynamodbRouteStore(options);
}

class DynamodbRouteStore implements RouteStore {
  private readonly table: DynamodbTable;
  private readonly models: readonly string[];
  readonly region: string;
  private readonly regions: readonly string[];
  private readonly digest: Digest;
  private readonly historyDays: number | undefined;
  /** As the last whole read had them. */
  private lastRead: ReadonlyMap<string, Route> = new Map();

  constructor(options: DynamodbRouteStoreOptions) {
    const { client, table, consistentReads, callMsMax } = options;
    this.table = createDynamodbTable({ client, table, keys: routeKeys, consistentReads, callMsMax });
    this.models = options.models;
    this.region = options.region;
    this.regions = [...new Set([options.region, ...options.regions])];
    this.digest = options.digest;
    this.historyDays = options.historyDays;
  }

  async load(model: string, residency: string): Promise<Route | undefined> {
    const item = await this.table.get({ partition: model, sort: residency });
    const result = item === undefined ? undefined : readRoute(item, this.digest);
    return result?.ok === true ? result.route : undefined;
  }

  async loadAll() {
    const pages = await Promise.all(this.models.map((model) => this.table.query({ partition: model })));
    const results = pages.flat().map((item) => this.readAgain(item));
    const bad = results.flatMap((result) => (result.ok ? [] : [result.bad]));
    const routes = results.flatMap((result) => (result.ok ? [result.route] : []));
    this.lastRead = new Map(routes.map((route) => [`${route.model} ${route.residency}`, route]));
    return { routes, badItems: bad.length, bad };
  }

  /** What proves to be the same as it was is the same object: nothing that its readers remember of it is made anew. */
  private readAgain(item: TableItem): ReadRoute {
    const known = this.lastRead.get(`${item[routeKeys.partition]} ${item[routeKeys.sort]}`);
    if (known !== undefined && known.checksum === item.checksum && isWhole(item, this.digest))
      return { ok: true, route: known };
    return readRoute(item, this.digest);
  }

  async publish(route: Route): Promise<boolean> {
    const { version, model, residency } = route;
    const { written, replaced } = await this.table.put(
      { ...route },
      version === 1
        ? { expression: 'attribute_not_exists(#key)', names: { '#key': routeKeys.partition } }
        : {
            expression: '#version = :before',
            names: { '#version': 'version' },
            values: { ':before': version - 1 },
          },
    );
    if (!written) return false;
    // The version before is written once more: its own publisher may have died between its two writes.
    const kept: TableItem[] = [{ ...route }, ...(replaced === undefined ? [] : [replaced])];
    const expired = await this.expiredVersions(route);
    await this.table.writeMany(
      kept.map((item) => historyItem(item, { model, residency })),
      expired.map((each) => ({ partition: historyPartition(model), sort: historySort(residency, each) })),
    );
    return true;
  }

  /** What goes as this version comes: little at a time, and every publication takes some. */
  private async expiredVersions({
    model,
    residency,
    version,
    publishedAt,
  }: Route): Promise<readonly number[]> {
    const last = version - HISTORY_VERSIONS_MAX;
    if (last < 1) return [];
    if (this.historyDays === undefined) return [last];
    const oldest = await this.table.query({
      partition: historyPartition(model),
      sortPrefix: `${residency}#`,
      limit: OLDEST_LOOKED_AT,
    });
    const limit = isoOfInstant(Math.max(0, Date.parse(publishedAt) - this.historyDays * DAY_MS));
    return oldest.flatMap(({ version: each }, index) => {
      const replacedAt = oldest[index + 1]?.publishedAt;
      const isOver = typeof replacedAt === 'string' && replacedAt < limit;
      return isOver && typeof each === 'number' && each <= last ? [each] : [];
    });
  }

  async loadVersion(model: string, residency: string, version: number): Promise<Route | undefined> {
    const key = { partition: historyPartition(model), sort: historySort(residency, version) };
    const item = await this.table.get(key);
    const result = item === undefined ? undefined : readRoute({ ...item, model, residency }, this.digest);
    if (result?.ok === true) return result.route;
    // The publisher of the one that stands may have died before it wrote the history.
    const current = await this.load(model, residency);
    return current?.version === version ? current : undefined;
  }

  async loadHistory(model: string, residency: string): Promise<readonly Route[]> {
    const [items, current] = await Promise.all([
      this.table.query({
        partition: historyPartition(model),
        sortPrefix: `${residency}#`,
        descending: true,
        limit: HISTORY_VERSIONS_MAX,
      }),
      this.load(model, residency),
    ]);
    const versions = items.flatMap((item) => {
      const result = readRoute({ ...item, model, residency }, this.digest);
      return result.ok ? [result.route] : [];
    });
    const known = current === undefined || versions.some((each) => each.version === current.version);
    return (known ? versions : [current, ...versions]).slice(0, HISTORY_VERSIONS_MAX);
  }

  async loadHolds(): Promise<readonly PlacedHold[]> {
    const pages = await Promise.all(
      this.regions.map(async (region) => {
        const items = await this.table.query({
          partition: controlPartition(region),
          sortPrefix: holdSortPrefix,
        });
        return items.map((item) => ({ item, region }));
      }),
    );
    return pages.flat().flatMap(({ item, region }) => {
      const parsed = holdSchema.safeParse(item.hold);
      return parsed.success ? [{ ...parsed.data, region }] : [];
    });
  }

  async saveHold(hold: Hold): Promise<void> {
    await this.table.put({
      [routeKeys.partition]: controlPartition(this.region),
      [routeKeys.sort]: holdSort(hold.model, hold.residency),
      hold,
      [timeToLiveAttribute]: Math.ceil(Date.parse(hold.until) / 1000) + HOLD_KEPT_SECONDS,
    });
  }

  async loadSignals(): Promise<readonly Signal[]> {
    const pages = await Promise.all(
      this.regions.map((region) => this.table.query({ partition: signalPartition(region) })),
    );
    return pages.flat().flatMap((item) => {
      const parsed = signalSchema.safeParse(item);
      return parsed.success ? [parsed.data] : [];
    });
  }

  async saveSignal(signal: Signal): Promise<void> {
    await this.table.put({
      [routeKeys.partition]: signalPartition(signal.gatewayRegion),
      [routeKeys.sort]: signal.target,
      ...signal,
      [timeToLiveAttribute]: Math.ceil(signal.at / 1000) + SIGNAL_KEPT_SECONDS,
    });
  }
}

/** The same attributes under the history's keys, so that every version can be read like the one that stands. */
function historyItem(
  item: TableItem,
  which: { readonly model: string; readonly residency: string },
): TableItem {
  const version = typeof item.version === 'number' ? item.version : 0;
  return {
    ...item,
    [routeKeys.partition]: historyPartition(which.model),
    [routeKeys.sort]: historySort(which.residency, version),
  };
}

type ReadRoute =
  | { readonly ok: true; readonly route: Route }
  | { readonly ok: false; readonly bad: BadRouteItem };

/** Shape, schema and checksum. The checksum covers the item as stored, members that we do not know included. */
function readRoute(item: TableItem, digest: Digest): ReadRoute {
  const bad = (why: BadRouteItem['why']): ReadRoute => ({
    ok: false,
    bad: {
      model: String(item[routeKeys.partition]),
      residency: String(item[routeKeys.sort]),
      why,
      ...(Number.isSafeInteger(item.version) ? { version: Number(item.version) } : {}),
    },
  });
  if (typeof item.schema === 'number' && item.schema !== routeItemSchema.shape.schema.value)
    return bad('schema');
  const parsed = routeItemSchema.safeParse(item);
  if (!parsed.success) return bad('shape');
  return isWhole(item, digest) ? { ok: true, route: parsed.data } : bad('checksum');
}

function isWhole({ checksum, ...content }: TableItem, digest: Digest): boolean {
  return digest.sha256Hex(canonicalJson(content)) === checksum;
}
