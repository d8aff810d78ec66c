import type { KeySet } from './token-verifier.ts';

/** Public keys of token issuers, from their own addresses. */
export interface KeySetSource {
  /** @throws an Error when the address does not answer a key set in time */
  load(url: string): Promise<KeySet>;
}

/** Outlives the process's memory where it can: the key sets that were last loaded, by address. Public keys only. */
export interface LastGoodKeySets {
  /** Undefined when nothing (readable) was kept. */
  load(): Promise<ReadonlyMap<string, KeySet> | undefined>;
  save(keySets: ReadonlyMap<string, KeySet>): Promise<void>;
}
