import type { InstantMs } from '../units/instant-ms.ts';
import { invariant } from '../units/invariant.ts';
import type { TargetHealth } from './target-health.ts';

/** A probe that never reports back (its process was frozen) gives its place up after this time. */
export const PROBE_MS_MAX = 30_000;
/** Share of its traffic that a target gets in the first moment of its return. */
const RETURN_SHARE_MIN = 0.1;

/** `probe`: may take one request of real traffic, to find out. */
export type HealthVerdict = 'usable' | 'probe' | 'ejected';

/**
 * Whether a target may be asked now.
 *
 * `fraction` (0 to under 1) is the request's fixed place for this target: a returning target takes the requests
 * under its share, so that the same request is judged the same way twice.
 */
export function judgeHealth(health: TargetHealth, at: InstantMs, fraction: number): HealthVerdict {
  invariant(fraction >= 0 && fraction < 1, 'a fraction is from 0 to under 1');
  switch (health.kind) {
    case 'healthy':
      return 'usable';
    case 'ejected':
      return at >= health.until ? 'probe' : 'ejected';
    case 'half-open':
      return at - health.probedAt >= PROBE_MS_MAX ? 'probe' : 'ejected';
    case 'returning':
      return fraction < returnShare(health.since, health.until, at) ? 'usable' : 'ejected';
  }
}

function returnShare(since: InstantMs, until: InstantMs, at: InstantMs): number {
  if (at >= until) return 1;
  return Math.max(RETURN_SHARE_MIN, (at - since) / (until - since));
}

/** True when a failure of the target is known from the last `withinMs`. */
export function failedWithin(health: TargetHealth, at: InstantMs, withinMs: number): boolean {
  return health.lastFailureAt !== undefined && at - health.lastFailureAt <= withinMs;
}
