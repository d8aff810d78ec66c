import type { BillLine } from './bill-line.ts';
import { type Biller, type BillSetting, lineAt } from './bill-setting.ts';
import { type DeployedResource, listOf, membersOf, textOf } from './deployed-stack.ts';
import {
  CHANGE_BYTES,
  CHANGES_KEPT_MONTHS,
  KEY_REQUESTS_PER_FUNCTION,
  MINUTES_PER_MONTH,
  OBSERVATION_BYTES,
  PUTS_PER_CHANGED_TARGET,
  ROUTE_VERSIONS,
  ROUTES_FRESH_MS,
  TARGET_BYTES,
  TARGETS_MAX,
  TARGETS_PER_CHANGE,
  TARGETS_PER_PLACE,
  WRITES_PER_REQUEST,
} from './usage.ts';

const WRITE_UNIT_BYTES = 1_024;
/** A read unit is 4 KB read for certain, or 8 KB perhaps a little old. */
const READ_UNIT_BYTES = 4_096;
const EVENTUAL_READ_UNIT_BYTES = 8_192;
/** Plan looks at everything every five minutes, and after a change. */
const PLAN_RUNS = MINUTES_PER_MONTH / 5;
/** A publication writes the route and its version. */
const ITEMS_PER_PUBLICATION = 2;

/** Tables with their copies: what is stored and kept for recovery. Reads and writes stand with who makes them. */
export const billTables: Biller = ({ resources }, setting) =>
  resources
    .filter(({ type }) => type === 'AWS::DynamoDB::GlobalTable' || type === 'AWS::DynamoDB::Table')
    .flatMap((table) => {
      const kind = (textOf(table.properties, 'TableName') ?? '').replace(`${setting.deployment}-`, '');
      const bytes = storedBytes(kind, setting);
      const copies = copiesOf(table);
      return [
        ...lineAt(setting, { item: 'dynamodb-storage', of: kind, quantity: bytes * copies.length }),
        ...lineAt(setting, {
          item: 'dynamodb-pitr',
          of: kind,
          quantity: bytes * copies.filter(isRecoverable).length,
        }),
        ...billUse(kind, copies.length, setting),
      ];
    });

/** A table that is none of a global one is its own only copy. */
function copiesOf({ properties }: DeployedResource): readonly Readonly<Record<string, unknown>>[] {
  const replicas = listOf(properties, 'Replicas').map(membersOf);
  return replicas.length === 0 ? [properties] : replicas;
}

const isRecoverable = ({ PointInTimeRecoverySpecification: recovery }: Readonly<Record<string, unknown>>) =>
  membersOf(recovery).PointInTimeRecoveryEnabled === true;

function billUse(kind: string, copies: number, setting: BillSetting): readonly BillLine[] {
  if (kind === 'observations') return billObservations(setting);
  if (kind === 'routes') return billRoutes(setting, copies);
  if (kind === 'controls') return billControls(setting, copies);
  return [];
}

/** Heartbeats and reports are written by discovery and stand in its stack; what plan reads of them stands here. */
function billObservations(setting: BillSetting): readonly BillLine[] {
  const { accountRegions } = setting.shape;
  const units = accountRegions * (OBSERVATION_BYTES / READ_UNIT_BYTES + 1);
  return lineAt(setting, {
    item: 'dynamodb-read',
    of: 'observations',
    quantity: units * (PLAN_RUNS + changesOf(setting)),
  });
}

/** Words of each region are asked for by themselves, for certain, with the routes; what people write is next to nothing. */
function billControls(setting: BillSetting, copies: number): readonly BillLine[] {
  const looks = looksOf(setting, setting.usage.requests) + PLAN_RUNS + changesOf(setting);
  return lineAt(setting, { item: 'dynamodb-read', of: 'controls', quantity: looks * copies });
}

/** How often processes that answer look for what is new. */
function looksOf({ usage }: BillSetting, requests: number): number {
  return Math.ceil(requests * Math.max(1, usage.answerMs / ROUTES_FRESH_MS));
}

/** What plan reads and publishes, in each region that has a copy. */
function billRoutes(setting: BillSetting, copies: number): readonly BillLine[] {
  const read = Math.ceil(publishedBytes(setting) / READ_UNIT_BYTES) * (PLAN_RUNS + changesOf(setting));
  const units = Math.ceil(routeBytes(setting) / WRITE_UNIT_BYTES) * ITEMS_PER_PUBLICATION;
  const writes = changesOf(setting) * setting.residencies * units;
  const item = copies > 1 ? 'dynamodb-replicated-write' : 'dynamodb-write';
  return [
    ...lineAt(setting, { item: 'dynamodb-read', of: 'routes', quantity: read }),
    ...lineAt(setting, { item, of: 'routes', quantity: writes * copies }),
  ];
}

function storedBytes(kind: string, setting: BillSetting): number {
  const { accountRegions } = setting.shape;
  if (kind === 'observations') return accountRegions * OBSERVATION_BYTES + historyBytes(setting);
  if (kind === 'routes') return publishedBytes(setting) * (1 + ROUTE_VERSIONS);
  return 0;
}

/** The log of changes in its steady state: what comes in a month × the months that each is kept. */
function historyBytes(setting: BillSetting): number {
  return changesOf(setting) * TARGETS_PER_CHANGE * CHANGES_KEPT_MONTHS * CHANGE_BYTES;
}

function routeBytes({ shape }: BillSetting): number {
  return TARGET_BYTES * Math.min(TARGETS_MAX, TARGETS_PER_PLACE * shape.accountRegions);
}

/** All routes as they stand. */
function publishedBytes(setting: BillSetting): number {
  return setting.shape.models * setting.residencies * routeBytes(setting);
}

function changesOf({ usage, shape }: BillSetting): number {
  return usage.changesPerPlace * shape.accountRegions;
}

/**
 * What a discovery reads and writes in the home region. A run reads its report and heartbeat and writes a heartbeat; a change
 * writes the report, and an item of the log for each target, twice.
 */
export function billObserving(setting: BillSetting, runs: number): readonly BillLine[] {
  const { changesPerPlace } = setting.usage;
  const reportUnits = Math.ceil(OBSERVATION_BYTES / WRITE_UNIT_BYTES);
  const logUnits = TARGETS_PER_CHANGE * PUTS_PER_CHANGED_TARGET * Math.ceil(CHANGE_BYTES / WRITE_UNIT_BYTES);
  return [
    ...lineAt(setting, {
      item: 'dynamodb-read',
      of: 'observations',
      quantity: runs * (OBSERVATION_BYTES / READ_UNIT_BYTES + 1),
    }),
    ...lineAt(setting, {
      item: 'dynamodb-write',
      of: 'observations',
      quantity: runs + changesPerPlace * (reportUnits + 1 + logUnits),
    }),
    ...lineAt(setting, { item: 'kms-request', of: 'observations', quantity: KEY_REQUESTS_PER_FUNCTION }),
  ];
}

/** What requests read and write: routes that are looked for again, and tables of the gateway's own region. */
export function billAnswering(setting: BillSetting, requests: number): readonly BillLine[] {
  const units = Math.ceil(publishedBytes(setting) / EVENTUAL_READ_UNIT_BYTES);
  return [
    ...lineAt(setting, { item: 'dynamodb-read', of: 'routes', quantity: looksOf(setting, requests) * units }),
    ...lineAt(setting, { item: 'dynamodb-write', of: 'ledger', quantity: requests * WRITES_PER_REQUEST }),
  ];
}
