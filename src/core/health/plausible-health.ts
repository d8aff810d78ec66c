import type { InstantMs } from '../units/instant-ms.ts';
import type { SharedHealth, Standing } from './shared-health.ts';
import { EJECTION_MS_MAX } from './step-health.ts';

/** Clocks of two processes may differ by this much. */
const SKEW_MS_MAX = 2000;
/** No ejection ends, and nothing else happened, further ahead of any clock than this. */
const AHEAD_MS_MAX = EJECTION_MS_MAX + SKEW_MS_MAX;
/** More than a year of the longest ones, without a good moment in between. */
const EJECTIONS_MAX = 1_000_000;

export const isPlausibleTime = (time: InstantMs, at: InstantMs): boolean => time <= at + AHEAD_MS_MAX;

/**
 * What of a view can have been told by a process whose clock is right. The rest was written by something else: believed
 * anew with each reading, an ejection until the year 9999 would never end. The same view where all of it is plausible.
 */
export function plausibleHealth(health: SharedHealth, at: InstantMs): SharedHealth {
  const { standing } = health;
  const failures = health.failures.filter((mark) => isPlausibleTime(mark.at, at));
  const goods = health.goods.filter((mark) => isPlausibleTime(mark.at, at));
  const isSound = standing === undefined || isPlausibleStanding(standing, at);
  const isWhole = failures.length === health.failures.length && goods.length === health.goods.length;
  if (isSound && isWhole) return health;
  return { failures, goods, ...(isSound && standing !== undefined ? { standing } : {}) };
}

function isPlausibleStanding(standing: Standing, at: InstantMs): boolean {
  const { episode, until, ejections, probe } = standing;
  const times = [standing.at, until, episode, probe?.at ?? 0];
  return ejections <= EJECTIONS_MAX && times.every((time) => isPlausibleTime(time, at));
}
