import type { InstantMs } from '../units/instant-ms.ts';

/** At most so many keys of one tenant and label live together: one in use and the one that follows it. */
export const KEY_SLOTS = [1, 2] as const;

type KeySlot = (typeof KEY_SLOTS)[number];

/** What may be kept of an API key: never the key itself. Times are ISO 8601 in UTC. */
export interface KeyRecord {
  /** A tenant of the configuration. */
  readonly tenant: string;
  /** What the key is for; two keys of one label follow each other. */
  readonly label: string;
  readonly slot: KeySlot;
  /** The public part of the key. */
  readonly keyId: string;
  /** HMAC-SHA-256 of the key under the pepper, as 64 lower-case hex digits. */
  readonly hash: string;
  /** Which pepper the hash was made with: a mark that tells peppers apart and says nothing of them. */
  readonly pepperId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  /** When it was last written. Readers ask for what changed of late; see `KeyStore.loadChanged`. */
  readonly changedAt: string;
  /** From this instant on the key opens nothing. Absent: it does not expire. */
  readonly expiresAt?: string | undefined;
  /** Since when an operator's word has closed it. */
  readonly revokedAt?: string | undefined;
  /** Narrows the tenant's residencies. Absent: all of the tenant's. */
  readonly residencies?: readonly string[] | undefined;
  /** Narrows the tenant's models; `*` is all of the tenant's. Absent: all of the tenant's. */
  readonly models?: readonly string[] | undefined;
}

/** One per key that can stand at a time, in words for people: `demo/ci/1`. */
export const keySlotId = ({ tenant, label, slot }: Pick<KeyRecord, 'tenant' | 'label' | 'slot'>): string =>
  `${tenant}/${label}/${slot}`;

export type KeyState = 'live' | 'expired' | 'revoked';

/** A revoked key is so at once, whatever its time says: clocks differ. An end that cannot be read has come. */
export function keyStateAt(key: Pick<KeyRecord, 'expiresAt' | 'revokedAt'>, at: InstantMs): KeyState {
  if (key.revokedAt !== undefined) return 'revoked';
  if (key.expiresAt === undefined) return 'live';
  return at < Date.parse(key.expiresAt) ? 'live' : 'expired';
}
