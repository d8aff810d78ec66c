/**
 * API keys' hashes in the tenants table.
 *
 *     tenant   item                what
 *     <name>   key#<label>#<1|2>   one key; the slots are why a label never has a third live key
 *
 * Read whole, a few thousand items of some 400 bytes, or filtered by the table for what changed. A write takes the slot's present holder as its condition, so that
 * two operators cannot both believe that they made a key.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { keyItemSchema } from '#contract/key-item.ts';
import { tenantKeys } from '#contract/resources.ts';
import { keySort, keySortPrefix } from '#contract/table-keys.ts';
import type { KeyRecord } from '#core/keys/key-record.ts';
import type { KeyRead, KeyStore } from '#usecases/ports/key-store.ts';
import { createDynamodbTable, type TableItem } from './dynamodb-table.ts';

const SCHEMA = 1;
/** Some 7 ms of decoding, in which no token is passed on. */
const PAGE_KEYS_MAX = 200;

export function createDynamodbKeyStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** @default true */
  readonly consistentReads?: boolean | undefined;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}): KeyStore {
  const table = createDynamodbTable({ ...options, keys: tenantKeys });
  return {
    loadAll: async () => readKeys(await table.scan({ pageItemsMax: PAGE_KEYS_MAX })),
    loadChanged: async (since) =>
      readKeys(
        await table.scan({
          filter: {
            expression: '#changedAt >= :since',
            names: { '#changedAt': 'changedAt' },
            values: { ':since': since },
          },
        }),
      ),
    async save(record, replaced) {
      const sort = keySort(record.label, record.slot);
      const isSameKey = replaced?.keyId === record.keyId;
      const standing = isSameKey ? await table.get({ partition: record.tenant, sort }) : undefined;
      const { written } = await table.put(
        { ...unknownMembers(standing), ...record, schema: SCHEMA, [tenantKeys.sort]: sort },
        replaced === undefined ? emptySlot : sameKey(replaced),
      );
      return written;
    },
  };
}

/** What a newer version added to a key, which an older one must not take away when it revokes the key. */
function unknownMembers(item: TableItem = {}): TableItem {
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => !Object.hasOwn(keyItemSchema.shape, name)),
  );
}

const emptySlot = { expression: 'attribute_not_exists(#key)', names: { '#key': tenantKeys.partition } };

/** Its id alone would let a rotation undo a revocation that came between its read and its write. */
function sameKey(record: KeyRecord) {
  const asRead = { keyId: record.keyId, expiresAt: record.expiresAt, revokedAt: record.revokedAt };
  const names = Object.keys(asRead);
  const present = Object.entries(asRead).filter(([, value]) => value !== undefined);
  const holds = Object.entries(asRead).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
  );
  return {
    expression: holds.join(' AND '),
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
  };
}

function readKeys(items: readonly TableItem[]): KeyRead {
  const read = items.filter(isKeyItem).map((item) => ({ item, record: readKey(item) }));
  return {
    keys: read.flatMap(({ record }) => (record === undefined ? [] : [record])),
    bad: read.flatMap(({ item, record }) => (record === undefined ? [slotOf(item)] : [])),
  };
}

function isKeyItem(item: TableItem): boolean {
  return String(item[tenantKeys.sort]).startsWith(keySortPrefix);
}

/** Undefined where the item is not of the contract's shape, or stands where no such key belongs. */
function readKey(item: TableItem): KeyRecord | undefined {
  const parsed = keyItemSchema.safeParse(item);
  if (!parsed.success) return undefined;
  const { schema: _schema, ...record } = parsed.data;
  return item[tenantKeys.sort] === keySort(record.label, record.slot) ? record : undefined;
}

/** As `keySlotId` names it, from the item's place alone. */
function slotOf(item: TableItem): string {
  const [, label = '', slot = ''] = String(item[tenantKeys.sort]).split('#');
  return `${String(item[tenantKeys.partition])}/${label}/${slot}`;
}
