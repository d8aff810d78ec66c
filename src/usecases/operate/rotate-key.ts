import { houseError } from '#core/errors/catalogue.ts';
import { type KeyRecord, keyStateAt } from '#core/keys/key-record.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { type CreatedKey, type KeyMaking, makeKey } from './create-key.ts';
import { findKey } from './revoke-key.ts';

export interface RotateKeyOrder {
  readonly keyId: string;
  readonly by: string;
  /** How long the old key still opens what it did. */
  readonly expireOldInMs: number;
  /** @default - as long as the old key was meant to live, which may be for ever */
  readonly expiresInMs?: number | undefined;
}

export interface RotatedKey extends CreatedKey {
  /** With the instant at which it expires. */
  readonly old: KeyRecord;
}

/**
 * Makes the key that follows another one, with its label and scopes, and gives the old one an end; an earlier end
 * stays. The new key is written first: a rotation that fails in between leaves two live keys, never none.
 *
 * @throws HouseError `key_unknown`, `key_not_live`, `key_slots_taken`, `condition_lost`, or what the store throws
 */
export async function rotateKey(making: KeyMaking, order: RotateKeyOrder): Promise<RotatedKey> {
  const { clock, keys, log } = making;
  const { keyId, by, expireOldInMs } = order;
  const standing = (await keys.loadAll()).keys;
  const old = findKey(standing, keyId);
  const at = clock.now();
  if (keyStateAt(old, at) !== 'live')
    throw houseError('key_not_live', {
      message: `key ${keyId} is ${keyStateAt(old, at)}; create a new one instead`,
    });
  const { tenant, label, residencies, models } = old;
  const expiresInMs = order.expiresInMs ?? lifetimeMs(old);
  const made = await makeKey(making, { tenant, label, residencies, models, by, expiresInMs }, standing);
  const end = Math.min(
    at + expireOldInMs,
    old.expiresAt === undefined ? Infinity : Date.parse(old.expiresAt),
  );
  const ending = { ...old, expiresAt: isoOfInstant(end), changedAt: isoOfInstant(at) };
  log.write('warn', 'operator-rotated-key', {
    ...{ tenant, label, keyId, by },
    followedBy: made.record.keyId,
    expiresAt: ending.expiresAt,
  });
  if (!(await keys.save(ending, old)))
    throw houseError('condition_lost', {
      message: `somebody else changed key ${keyId} in between; the new key ${made.record.keyId} stands, and nobody has seen it: revoke it, and look`,
    });
  return { ...made, old: ending };
}

function lifetimeMs({ createdAt, expiresAt }: KeyRecord): number | undefined {
  return expiresAt === undefined ? undefined : Date.parse(expiresAt) - Date.parse(createdAt);
}
