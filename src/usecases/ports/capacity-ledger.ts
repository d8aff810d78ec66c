/**
 * The slots of targets, as far as one gateway region may fill them: what all its processes share.
 *
 * A lease is the right to one slot for a bounded time. It has an id, which its asker makes: asking twice with one id is
 * one lease, giving it back twice is giving it back once, and the slot of a holder that died is free again when the lease
 * has expired. Where the store does not decide, an adapter falls to what its process may safely have, never to "unlimited".
 */
import type { CapacityLimit } from '#core/capacity/lease.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';

export { type CapacityLimit, CLOCK_SKEW_MS_MAX, LEASE_MS, LEASE_RENEWED_MS } from '#core/capacity/lease.ts';

export interface LeaseDemand {
  readonly limit: CapacityLimit;
  /** Unique to the attempt. */
  readonly leaseId: string;
  /** Tokens of KV cache that the call is expected to fill; 0 where the limit knows none. */
  readonly kvTokens: number;
  /** Slots that must stay free beside this one, for lanes above; as large a share of the KV tokens stays free too. */
  readonly slotsReserved: number;
  /** By the asking process's clock. */
  readonly at: InstantMs;
}

/**
 * `full`: not now, for this lane. `never-fits`: larger than any call can be, even if nobody else were there.
 * `unknown`: the store does not decide, and the process's safe share is used up.
 */
export type LeaseAnswer =
  | { readonly granted: true; readonly expiresAt: InstantMs }
  | { readonly granted: false; readonly reason: 'full' | 'never-fits' | 'unknown' };

/** What a demand would lack now: `slots`, or `memory` of KV tokens while slots are free. */
export type Lacking = 'slots' | 'memory';

/** What a call says of itself when it renews its lease. */
export interface LeaseUse {
  /** By its process's clock. */
  readonly at: InstantMs;
  /**
   * KV tokens that the call has outgrown its own to: reserved from then on, room or not, since they are filled. Fewer than
   * it has change nothing. @default - it has not
   */
  readonly grownTo?: number | undefined;
}

export interface CapacityLedger {
  /** Never rejects. Answers at once where it needs nobody else. */
  acquire(demand: LeaseDemand): LeaseAnswer | Promise<LeaseAnswer>;
  /**
   * What the demand would lack now, as far as this process knows: nobody is asked, and nothing is taken. Undefined where it
   * may be granted. @default - it knows nothing that its caller does not
   */
  foresee?(demand: LeaseDemand): Lacking | undefined;
  /**
   * It stands as long again from now; as long as it did where the store hears of nothing: then ask again. False when it is
   * no more: its slot may be another's. Never rejects.
   */
  renew(limit: CapacityLimit, leaseId: string, use: LeaseUse): boolean | Promise<boolean>;
  /** Safe to call for a lease that is gone, or that nobody knows whether it was granted. Never rejects. */
  release(limit: CapacityLimit, leaseId: string, at: InstantMs): void | Promise<void>;
  /**
   * KV tokens of the largest call that ever fits, with nobody else there; undefined where only requests are limited.
   * @default - what one copy holds
   */
  largestCall?(limit: CapacityLimit): number | undefined;
}
