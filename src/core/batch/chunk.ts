/**
 * A run of lines that one dispatcher calls at a time. Who holds it has a lease; whoever finds a lease that has run out
 * takes over, and learns which calls may have been under way.
 */
import type { InstantMs } from '../units/instant-ms.ts';
import type { Tally } from './batch.ts';
import { type LineUsage, noUsage, sumOfUsage } from './line-usage.ts';

export interface Chunk extends Tally {
  readonly batch: string;
  /** From 0, in the order of the file. */
  readonly index: number;
  readonly revision: number;
  /** Whose it is now. Undefined when nobody's. */
  readonly holder?: string | undefined;
  readonly leaseUntil: InstantMs;
  /** Lines, counted from the chunk's first, whose calls may be under way: written before they are called. */
  readonly begun: readonly number[];
  /** Holders that died with it. */
  readonly crashes: number;
  /** Times in a row that it went back to the queue for want of capacity. */
  readonly postponements: number;
  /** The object that holds its results. Once it is set, nothing of the chunk changes any more. */
  readonly part?: string | undefined;
}

/** Clocks of two dispatchers may be apart by so much. */
const SKEW_MS_MAX = 2_000;

export interface ChunkClaim {
  readonly batch: string;
  readonly index: number;
  /** Unique to the run. */
  readonly holder: string;
  readonly at: InstantMs;
  readonly leaseMs: number;
}

export type ChunkTaking =
  | { readonly kind: 'done' }
  | { readonly kind: 'busy'; readonly waitMs: number }
  /** `suspects`: lines that the holder before may have called, besides those whose results are kept. */
  | { readonly kind: 'taken'; readonly chunk: Chunk; readonly suspects: readonly number[] };

/** @param standing undefined where nobody has had it yet */
export function takeChunk(standing: Chunk | undefined, claim: ChunkClaim): ChunkTaking {
  const { batch, index, holder, at, leaseMs } = claim;
  const leaseUntil = at + leaseMs;
  if (standing === undefined) {
    const fresh = { ...nothingDone, batch, index, revision: 1, holder, leaseUntil };
    return { kind: 'taken', chunk: fresh, suspects: [] };
  }
  if (standing.part !== undefined) return { kind: 'done' };
  const freeAt = standing.leaseUntil + SKEW_MS_MAX;
  if (standing.holder !== undefined && freeAt > at) return { kind: 'busy', waitMs: freeAt - at };
  const crashes = standing.crashes + (standing.holder === undefined ? 0 : 1);
  // What was begun stays written until it was counted: this holder may die before it has.
  const chunk = { ...standing, revision: standing.revision + 1, holder, leaseUntil, crashes };
  return { kind: 'taken', chunk, suspects: standing.begun };
}

const nothingDone = {
  begun: [],
  crashes: 0,
  postponements: 0,
  completed: 0,
  failed: 0,
  expired: 0,
  repeatedCalls: 0,
  ...noUsage,
};

/** Lines are about to be called, or the lease goes on. */
export function heldOn(
  chunk: Chunk,
  change: Partial<Pick<Chunk, 'begun' | 'completed' | 'failed' | 'repeatedCalls'>>,
  leaseUntil: InstantMs,
): Chunk {
  return { ...chunk, ...change, revision: chunk.revision + 1, leaseUntil };
}

/** It goes back to the queue: nothing of it is under way. */
export function letGo(chunk: Chunk, { made }: { readonly made: boolean }): Chunk {
  const { holder: _, ...rest } = chunk;
  const postponements = made ? 0 : chunk.postponements + 1;
  return { ...rest, revision: chunk.revision + 1, leaseUntil: 0, begun: [], postponements };
}

export function doneWith(
  chunk: Chunk,
  made: { readonly part: string } & LineUsage & Pick<Tally, 'completed' | 'failed' | 'expired'>,
): Chunk {
  return { ...letGo(chunk, { made: true }), ...made };
}

export function sumOf(chunks: readonly Tally[]): Tally {
  const sum = (member: keyof Tally): number => chunks.reduce((total, chunk) => total + chunk[member], 0);
  return {
    completed: sum('completed'),
    failed: sum('failed'),
    expired: sum('expired'),
    repeatedCalls: sum('repeatedCalls'),
    ...sumOfUsage(chunks),
  };
}
