/**
 * A lease: the right to one slot of a target for a bounded time, by clocks that nobody can trust wholly.
 *
 *     granted                      its holder's clock says: over      another's clock says: mine
 *        │◀───── LEASE_TRUSTED_MS, 24 s ─────▶│◀── LEASE_OVERDUE_MS, 4 s ──▶│
 *
 * Each clock may be wrong by `CLOCK_SKEW_MS_MAX` either way, so that two may differ by twice as much. In true time the
 * holder stops after 24 s; another takes over after 28 s ± 4 s: never before 24 s, and never later than 32 s.
 */
import type { InstantMs } from '../units/instant-ms.ts';

/** The slot of a lease that nobody renews is free again after this, give or take one wrong clock. */
export const LEASE_MS = 30_000;
/** A call under way renews its lease this often: late, for each renewal is a write, and most calls end before their first. */
export const LEASE_RENEWED_MS = 14_000;
/** A renewal that the store did not hear of is asked again after this: three may be lost before the lease is. */
export const LEASE_RENEWED_AGAIN_MS = 3_000;
/** A process's clock may be wrong by so much, either way. */
export const CLOCK_SKEW_MS_MAX = 2_000;
/** Whoever takes a lease over waits for this, by its own clock, after the lease expired. */
export const LEASE_OVERDUE_MS = 2 * CLOCK_SKEW_MS_MAX;
/** What a holder is told: taken over two clocks later, the slot is back `LEASE_MS + CLOCK_SKEW_MS_MAX` after the grant. */
export const LEASE_TRUSTED_MS = LEASE_MS - CLOCK_SKEW_MS_MAX - LEASE_OVERDUE_MS;

/**
 * An expiry that is further ahead than what is granted now was written by no gateway, nor by one whose clock is wrong by
 * less than this: it keeps nobody from the slot.
 */
export const LEASE_AHEAD_MS_MAX = 3_600_000;

/** What one gateway region may have under way at one target. A target serves one model: this is never a cluster's. */
export interface CapacityLimit {
  /** The target's id. */
  readonly target: string;
  /** Requests in flight, 1 or more. */
  readonly slots: number;
  /** Tokens of KV cache that may be reserved at a time. @default - only requests are limited */
  readonly kvTokens?: number | undefined;
  /** Copies of the model that both spread over evenly, 1 or more: the memory of two is never one. */
  readonly copies: number;
}

export interface Lease {
  /** Until then its holder trusts it. */
  readonly expiresAt: InstantMs;
  /** Of KV cache; 0 where only requests are limited. */
  readonly kvTokens: number;
}

/** When a lease that is granted or renewed now expires. */
export const leaseExpiry = (at: InstantMs): InstantMs => at + LEASE_TRUSTED_MS;

/** Whether somebody else may take the slot over. */
export const isOverdue = (expiresAt: InstantMs, at: InstantMs): boolean => at >= expiresAt + LEASE_OVERDUE_MS;

/** Copies that the limit fills at a time: no more than it has slots, so that the memory of one slot is not cut up. */
export const copiesFilled = ({ copies, slots }: Pick<CapacityLimit, 'copies' | 'slots'>): number =>
  Math.min(copies, slots);

/** KV tokens of one copy; undefined where only requests are limited. */
export const kvTokensOfCopy = ({ kvTokens, copies, slots }: CapacityLimit): number | undefined =>
  kvTokens === undefined ? undefined : Math.floor(kvTokens / copiesFilled({ copies, slots }));

/** Larger than what one copy holds, even if it were empty. */
export function neverFits(limit: CapacityLimit, kvTokens: number): boolean {
  const held = kvTokensOfCopy(limit);
  return held !== undefined && kvTokens > held;
}
