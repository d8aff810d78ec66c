import type { BatchEvents, BatchRequest } from '#serving-model/batch-engine.ts';

/** One call as whatever serves it sees it. */
export interface BackendRequest extends BatchRequest {
  /** The most output that its caller allows: what a quota of tokens takes at the start. @default outputTokens */
  readonly outputTokensMax?: number | undefined;
  /** Of the blocks of its prompt in order. Counts only where `cachedTokens` is not given and a copy has a cache of prefixes. */
  readonly prefixHashes?: readonly number[] | undefined;
}

/** Why a call is not served at all. */
export type Refusal =
  /** A dedicated endpoint that has no copy just now. */
  | 'no-capacity'
  /** Over the account’s quota of requests or tokens. */
  | 'throttled'
  /** The pool has nothing left for anybody. */
  | 'unavailable'
  /** An imported model that no copy has loaded. */
  | 'not-ready'
  /** More than a whole copy could hold. */
  | 'too-long';

/**
 * What stands behind one target. It has no clock: whoever uses it calls `advance` at `nextAtMs()`, and before each other
 * call at the moment of that call. Time never goes back. The same calls bring the same events.
 */
export interface ServingBackend {
  /** Undefined when the call was taken: it will finish, or be left. */
  enter(atMs: number, request: BackendRequest): Refusal | undefined;
  /** The caller of a request went away. False where it is not there. */
  leave(id: number, atMs: number): boolean;
  /** When there is something to do next; infinite when there is nothing. */
  nextAtMs(): number;
  advance(atMs: number, events: BatchEvents): void;
  /** Tokens of a request’s output that are out; 0 where it is not there. */
  writtenTokens(id: number, atMs: number): number;
  /** Calls that were taken and are not over. */
  readonly inFlight: number;
}
