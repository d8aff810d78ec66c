/** Key records and the keys that they stand for. */
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import { formatApiKey, type NewApiKey } from '#core/keys/api-key.ts';
import type { KeyRecord } from '#core/keys/key-record.ts';

export const pepperOfTests = 'the pepper of the tests, which is long enough';
export const testHasher = createHmacKeyHasher(pepperOfTests);

/** The same key for the same number. */
export function apiKeyOf(number: number): NewApiKey {
  const id = new Uint8Array(8).fill(number + 1);
  return formatApiKey({ id, secret: new Uint8Array(32).fill(number + 1) });
}

export function aKey(changes: Partial<KeyRecord> & { readonly number?: number } = {}): KeyRecord {
  const { number = 0, ...rest } = changes;
  const { key, keyId } = apiKeyOf(number);
  return {
    tenant: 'demo',
    label: 'ci',
    slot: 1,
    keyId,
    hash: testHasher.hash(key),
    pepperId: testHasher.pepperId,
    createdAt: '2026-11-01T00:00:00.000Z',
    createdBy: 'alice',
    changedAt: rest.revokedAt ?? '2026-11-01T00:00:00.000Z',
    ...rest,
  };
}
