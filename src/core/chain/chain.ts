/**
 * core/chain: calls of one tenant that share a trace: what the first one passes on, and which models will be needed.
 *
 * Invariant: nothing of one tenant's chains is seen by another's; what is learned are names of models and counts, never
 * what was asked. Nothing here knows a clock or chance; the folder owns no state.
 */
import type { Lane } from '../capacity/lane.ts';

/** What the first call of a chain says for all of them. */
export interface Chain {
  readonly firstModel: string;
  /** Path of the first call. */
  readonly route: string;
  readonly lane: Lane;
  /** From `startedMs` on. @default - the first call named none */
  readonly deadlineMs?: number | undefined;
  /** When the first call arrived, by a clock that only goes forward. */
  readonly startedMs: number;
}

/** What a call asks for in its own headers. */
export interface OwnTerms {
  readonly lane: Lane;
  /** False: `lane` is only the tenant's usual one. */
  readonly laneNamed: boolean;
  readonly deadlineMs?: number | undefined;
}

/** What a call runs under; its deadline counts from its own arrival. */
export interface CallTerms {
  readonly lane: Lane;
  readonly deadlineMs?: number | undefined;
}

/** A chain that nobody has called under for so long is over: a person who thinks between two calls starts another one. */
export const CHAIN_KEPT_MS = 300_000;

/** The longest deadline that a call may bring with it from an earlier one: no header asks for a longer one. */
export const CARRIED_MS_MAX = 900_000;

/** The call's own words where it has some; else the lane of the first call, and what is left of its time. */
export function termsWithin(chain: Chain, own: OwnTerms, arrivedMs: number): CallTerms {
  const lane = own.laneNamed ? own.lane : chain.lane;
  if (own.deadlineMs !== undefined) return { lane, deadlineMs: own.deadlineMs };
  if (chain.deadlineMs === undefined) return { lane };
  // Whole, as headers have it; 0 is over.
  const leftMs = Math.floor(chain.deadlineMs - (arrivedMs - chain.startedMs));
  return { lane, deadlineMs: Math.max(0, leftMs) };
}
