/**
 * Segments of one chain, in the gateway's own region and account, under a lock: what was created stays as it is until
 * its lock ends, whoever asks.
 */
import type { SegmentLock } from '#core/audit/check-chain.ts';

export interface SegmentStore {
  /**
   * Whole or not at all. False where something stands there already, which is left as it is.
   *
   * @throws HouseError: it may have been created
   */
  create(key: string, text: string): Promise<boolean>;
  /** Undefined where nothing stands. @throws HouseError */
  read(key: string): Promise<StoredSegment | undefined>;
  /** Every place where a version of one is kept, hidden ones included, in the order of their keys. @throws HouseError */
  list(): Promise<readonly ListedSegment[]>;
}

export interface StoredSegment {
  readonly text: string;
  /** Undefined where nothing keeps it from being deleted. */
  readonly lock: SegmentLock | undefined;
}

export interface ListedSegment {
  readonly key: string;
  /** Epoch milliseconds, of what came there first: after every decision in it. */
  readonly storedAt: number;
  /** Versions and marks of deletion that are kept there: one, unless somebody laid something over it. */
  readonly versions: number;
  /** True where the newest of them is a mark of deletion: it reads as if nothing stood there. */
  readonly isHidden: boolean;
}
