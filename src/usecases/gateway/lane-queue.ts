import type { Lane } from '#core/capacity/lane.ts';
import type { LeaseAnswer } from '../ports/capacity-ledger.ts';

/** A call that wants a slot of one target. Instants are those of `Clock.monotonicMs`. */
export interface SlotWait {
  readonly lane: Lane;
  readonly tenant: string;
  /** With the model: for whoever looks at the line. @default - only operators see the call */
  readonly residency?: string | undefined;
  readonly model?: string | undefined;
  /**
   * What the call will take of the target, above 0: expected tokens, say. The unit is any that all calls of the target
   * share, for tenants get turns in proportion to it.
   */
  readonly work: number;
  /** A slot that is granted later than this is of no use: the caller's deadline less what an answer needs. */
  readonly startBy: number;
  /** The call's whole budget to its first content, of which the wait may take a share. */
  readonly firstContentMs: number;
  /** That share, from 0 to 1: 0 for a call that asks once. */
  readonly waitShareMax: number;
  /** Another lawful target may take the call. Where none may, it waits until `startBy`. */
  readonly elsewhere: boolean;
  /** Aborted when the caller leaves. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Asks for the lease under the reservation of `lane`, which is a higher one than the call's where its floor is due.
   * `inTurn`: the call has stood in the line, and is not the first to come back to the target.
   */
  acquire(lane: Lane, inTurn: boolean): LeaseAnswer | Promise<LeaseAnswer>;
  /** Gives back a lease that was granted when its call had left the line already. */
  giveBack(): void;
}

/** Why a call should try the next target: `hopeless` calls were told at once, before they waited in vain. */
export type SpillReason = 'waited-enough' | 'hopeless' | 'line-full';

/** How a wait ended. Only `granted` comes with a lease. */
export type WaitEnd =
  | { readonly kind: 'granted'; readonly expiresAt: number; readonly waitedMs: number }
  /** Not now, not here. */
  | { readonly kind: 'spill'; readonly reason: SpillReason; readonly waitedMs: number }
  /** Larger than what a copy of the target holds. */
  | { readonly kind: 'never-fits' }
  /** `startBy` has passed: nobody can answer in time. */
  | { readonly kind: 'expired'; readonly waitedMs: number }
  /** The caller left. */
  | { readonly kind: 'left' };

/** Who waits for the slots of targets in this process, and who is next. */
export interface LaneQueue {
  /**
   * Answers at once, without a promise, where the ledger does and nobody waits who comes first. Never rejects unless
   * `acquire` does.
   */
  wait(target: string, call: SlotWait): WaitEnd | Promise<WaitEnd>;
  /** A slot of the target may be free: to be called with each lease that is given back. */
  slotFreed(target: string): void;
  /** Calls in the line of the target. */
  waitingAt(target: string): number;
  /** All calls that stand in a line at this moment, with its target. */
  standing(): Iterable<readonly [target: string, call: SlotWait]>;
}
