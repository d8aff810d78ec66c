/**
 * The buckets of tenants in one gateway region: what all processes of the region share.
 *
 * One conditional write decides over all buckets of a request; a tenant without an item has full buckets, and gets its
 * item in the same write. A write whose answer is lost is never sent again: what it may have taken stays taken.
 */
import type { BucketDemand } from '#core/limits/judge-demand.ts';
import type { FullAtMicros } from '#core/limits/rate-bucket.ts';

export interface RateDemand {
  readonly tenant: string;
  /** One or more, each bucket once. */
  readonly buckets: readonly BucketDemand[];
  /** Epoch milliseconds of the asking process. */
  readonly at: number;
  /** The process asks for the first time in this minute: it is counted among those that do. */
  readonly countProcess: boolean;
}

export interface RateAnswer {
  /** Units taken of each bucket, in the order of the demand; undefined when one of them had too few, and none was taken. */
  readonly taken: readonly number[] | undefined;
  /** How the buckets stand now, in the order of the demand. */
  readonly fullAt: readonly FullAtMicros[];
  /** Processes that asked in this minute, or in the last one if those were more; 1 or more. */
  readonly processes: number;
}

export interface BucketReturn {
  readonly bucket: string;
  /** Taken and not used; below 0 where more was used than taken. */
  readonly units: number;
  readonly perMinute: number;
}

export interface RateLedger {
  /** @throws HouseError when the store does not decide: then it may have taken all the same */
  take(demand: RateDemand): Promise<RateAnswer>;
  /** @throws HouseError when it may not have been done */
  giveBack(tenant: string, returns: readonly BucketReturn[]): Promise<void>;
}
