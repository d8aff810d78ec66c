import { houseError } from '#core/errors/catalogue.ts';
import { apiKeyBytes, formatApiKey } from '#core/keys/api-key.ts';
import { KEY_SLOTS, type KeyRecord, keyStateAt } from '#core/keys/key-record.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyHasher } from '../ports/key-hasher.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { Log } from '../ports/log.ts';
import type { SecretBytes } from '../ports/secret-bytes.ts';

export interface KeyMaking {
  readonly clock: Clock;
  readonly keys: KeyStore;
  readonly hasher: KeyHasher;
  readonly secrets: SecretBytes;
  readonly log: Log;
}

/** What a new key is for. Scopes were checked against the tenant; a gateway narrows by them and never widens. */
export interface CreateKeyOrder extends Pick<KeyRecord, 'tenant' | 'label' | 'residencies' | 'models'> {
  readonly by: string;
  /** @default - the key does not expire */
  readonly expiresInMs?: number | undefined;
}

export interface CreatedKey {
  /** The secret itself. It leaves this process once, to whoever asked, and is kept nowhere. */
  readonly key: string;
  readonly record: KeyRecord;
  /** Another live key was made with another pepper. Gateways know one: either this key or that one opens nothing. */
  readonly pepperDiffers: boolean;
}

/**
 * Makes a key in a free slot of its tenant and label. The order is logged before anything is written; the key never is.
 *
 * @throws HouseError `key_slots_taken` when two keys of the label live, `condition_lost`, or what the store throws
 */
export async function createKey(making: KeyMaking, order: CreateKeyOrder): Promise<CreatedKey> {
  const { keys } = await making.keys.loadAll();
  return makeKey(making, order, keys);
}

/** `standing`: all keys, as they were read a moment ago. */
export async function makeKey(
  { clock, keys, hasher, secrets, log }: KeyMaking,
  order: CreateKeyOrder,
  standing: readonly KeyRecord[],
): Promise<CreatedKey> {
  const { tenant, label, by, residencies, models, expiresInMs } = order;
  const at = clock.now();
  const { slot, holder } = freeSlot(standing, { tenant, label, at });
  const { key, keyId } = formatApiKey({
    id: secrets.next(apiKeyBytes.id),
    secret: secrets.next(apiKeyBytes.secret),
  });
  const record: KeyRecord = {
    tenant,
    label,
    slot,
    keyId,
    hash: hasher.hash(key),
    pepperId: hasher.pepperId,
    createdAt: isoOfInstant(at),
    createdBy: by,
    changedAt: isoOfInstant(at),
    ...(expiresInMs === undefined ? {} : { expiresAt: isoOfInstant(at + expiresInMs) }),
    ...(residencies === undefined ? {} : { residencies }),
    ...(models === undefined ? {} : { models }),
  };
  log.write('warn', 'operator-created-key', {
    ...{ tenant, label, keyId, by },
    expiresAt: record.expiresAt ?? null,
    residencies: residencies ?? null,
    models: models ?? null,
  });
  if (!(await keys.save(record, holder)))
    throw houseError('condition_lost', {
      message: `somebody else made a key ${label} of tenant ${tenant} in between: look, and try again`,
    });
  const pepperDiffers = standing.some(
    (other) => keyStateAt(other, at) === 'live' && other.pepperId !== hasher.pepperId,
  );
  return { key, record, pepperDiffers };
}

/** The slot that is empty, or whose key is dead. */
function freeSlot(
  standing: readonly KeyRecord[],
  { tenant, label, at }: { readonly tenant: string; readonly label: string; readonly at: number },
) {
  const holders = standing.filter((record) => record.tenant === tenant && record.label === label);
  for (const slot of KEY_SLOTS) {
    const holder = holders.find((record) => record.slot === slot);
    if (holder === undefined || keyStateAt(holder, at) !== 'live') return { slot, holder };
  }
  const ids = holders.map(({ keyId }) => keyId).join(' and ');
  throw houseError('key_slots_taken', {
    message: `tenant ${tenant} has two live keys ${label} already, ${ids}: revoke one, or take another label`,
  });
}
