import type { InstantMs } from '../units/instant-ms.ts';

/** An operator's word that a target is not to be called for a time. It takes away and never gives: no filter reads it the other way. */
export interface DisabledTarget {
  /** The id of a target. */
  readonly target: string;
  readonly by: string;
  readonly reason: string;
  /** ISO 8601 UTC. From here on it says nothing. */
  readonly until: string;
  /** ISO 8601 UTC. When it was said. Undefined where an older version of the product wrote it. */
  readonly since?: string | undefined;
  /** Of the order's entry in the operators' audit, which says who gave it and why. Undefined as `since` is. */
  readonly orderId?: string | undefined;
}

/** One with the region whose control item says it: only from there can it be ended. */
export interface PlacedDisabledTarget extends DisabledTarget {
  readonly region: string;
}

/** The strictest of all regions: one that disables is enough. An end that cannot be read has not come. */
export function disabledAt(entries: readonly DisabledTarget[], at: InstantMs): ReadonlySet<string> {
  return new Set(entries.filter(({ until }) => !(Date.parse(until) <= at)).map(({ target }) => target));
}
