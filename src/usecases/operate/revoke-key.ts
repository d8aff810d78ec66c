import { houseError } from '#core/errors/catalogue.ts';
import type { KeyRecord } from '#core/keys/key-record.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { Log } from '../ports/log.ts';

export interface RevokeKeyOrder {
  readonly keyId: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * Closes a key for good, as soon as each gateway has read the table again. One that is revoked already stays as it is.
 * Logged before it is done.
 *
 * @throws HouseError `key_unknown`, `condition_lost`, or what the store throws
 */
export async function revokeKey(
  { clock, keys, log }: { readonly clock: Clock; readonly keys: KeyStore; readonly log: Log },
  { keyId, by, reason }: RevokeKeyOrder,
): Promise<KeyRecord> {
  const record = findKey((await keys.loadAll()).keys, keyId);
  if (record.revokedAt !== undefined) return record;
  const at = isoOfInstant(clock.now());
  const revoked = { ...record, revokedAt: at, changedAt: at };
  const { tenant, label } = record;
  log.write('warn', 'operator-revoked-key', { tenant, label, keyId, by, reason });
  if (await keys.save(revoked, record)) return revoked;
  throw houseError('condition_lost', {
    message: `somebody else changed key ${keyId} in between: revoke it again`,
  });
}

/** @throws HouseError `key_unknown` */
export function findKey(keys: readonly KeyRecord[], keyId: string): KeyRecord {
  const found = keys.find((record) => record.keyId === keyId);
  if (found !== undefined) return found;
  throw houseError('key_unknown', { message: `there is no key ${keyId}` });
}
