import type { KeyRecord } from '#core/keys/key-record.ts';

export interface LastGoodKeySnapshot {
  /** Epoch milliseconds of the table read. */
  readonly savedAt: number;
  readonly keys: readonly KeyRecord[];
}

/** Outlives the process's memory where it can: the keys that last came from the table whole. Hashes only. */
export interface LastGoodKeys {
  /** Undefined when nothing (readable) was kept. Keys without the contract's shape are left out. */
  load(): Promise<LastGoodKeySnapshot | undefined>;
  save(snapshot: LastGoodKeySnapshot): Promise<void>;
}
