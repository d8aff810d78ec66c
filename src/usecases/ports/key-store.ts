import type { KeyRecord } from '#core/keys/key-record.ts';

export interface KeyRead {
  readonly keys: readonly KeyRecord[];
  /** Slots (`keySlotId`) whose items have not the contract's shape. They are left out and named without their content. */
  readonly bad: readonly string[];
}

/** The table of API keys: hashes and scopes, never a key. Written by operators, at home alone. */
export interface KeyStore {
  /** Every key, in any order. */
  loadAll(): Promise<KeyRead>;
  /**
   * Keys that say they were written at `since` (ISO 8601) or later, in any order: far less work than reading them all.
   * The time is the writer's, so ask for more than the clocks may differ; an item that was spoilt or edited by hand may
   * be missing.
   */
  loadChanged(since: string): Promise<KeyRead>;
  /**
   * Puts a key into its slot if `replaced` stands there as it was read, with the same end and the same word on its
   * revocation; undefined for an empty slot. False, and nothing is changed, when something else does: somebody else
   * wrote first.
   */
  save(record: KeyRecord, replaced: KeyRecord | undefined): Promise<boolean>;
}
