import type { KeyRecord } from '#core/keys/key-record.ts';

/** The table of API keys: hashes and scopes, never a key. Written by operators, at home alone. */
export interface KeyStore {
  /**
   * Every key, in any order. An item without the contract's shape is left out and named in `bad`, by its place in the
   * table and without its content.
   */
  loadAll(): Promise<{ readonly keys: readonly KeyRecord[]; readonly bad: readonly string[] }>;
  /**
   * Puts a key into its slot if `replaced` stands there as it was read, with the same end and the same word on its
   * revocation; undefined for an empty slot. False, and nothing is changed, when something else does: somebody else
   * wrote first.
   */
  save(record: KeyRecord, replaced: KeyRecord | undefined): Promise<boolean>;
}
