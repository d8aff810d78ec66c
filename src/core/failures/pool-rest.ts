/**
 * How long a quota pool rests after a throttle: as long as the upstream wishes, else as long as throttles in a row say.
 *
 * A token quota refills all the time, so a short rest is often enough; throttles in a row say that more is asked for
 * than refills. The rest is any length up to a ceiling (full jitter: gateways do not come back together), and the
 * ceiling doubles with each throttle in a row. A value, so that the caller holds it and a replay gives the same answers.
 */
import type { InstantMs } from '../units/instant-ms.ts';

/** The AWS SDKs wait up to a second after a first throttle too (`@smithy/core` 3.41). */
const CEILING_MS_MIN = 1000;
/** A sixth of a minute's quota has refilled by then; a longer rest would leave quota unused. */
const CEILING_MS_MAX = 10_000;
/** A bucket that nobody drew from for so long is full again: what was before says nothing. */
const REFILL_MS = 60_000;

export interface PoolRest {
  readonly until: InstantMs;
  /** Throttles in a row, from 1. */
  readonly throttles: number;
}

/** `chance` is from 0 to under 1; `wishMs` the upstream's own wish, where it has one. Never ends an earlier rest. */
export function restAfterThrottle(
  rest: PoolRest | undefined,
  {
    at,
    chance,
    wishMs,
  }: { readonly at: InstantMs; readonly chance: number; readonly wishMs?: number | undefined },
): PoolRest {
  // A call that left before the rest began says nothing new: the answers of one burst are one throttle.
  const resting = rest !== undefined && at < rest.until;
  if (resting) return { ...rest, until: Math.max(rest.until, at + Math.ceil(wishMs ?? 0)) };
  const inRow = rest !== undefined && at - rest.until < REFILL_MS;
  const throttles = inRow ? rest.throttles + 1 : 1;
  const ceilingMs = Math.min(CEILING_MS_MAX, CEILING_MS_MIN * 2 ** (throttles - 1));
  return { until: at + Math.ceil(wishMs ?? ceilingMs * chance), throttles };
}

/** The rest after a good answer: none, unless the call left before the rest began. */
export function restAfterAnswer(rest: PoolRest | undefined, at: InstantMs): PoolRest | undefined {
  return rest !== undefined && at < rest.until ? rest : undefined;
}
