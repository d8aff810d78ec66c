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
  const isPlausible = (mark: { readonly at: InstantMs }): boolean => isPlausibleTime(mark.at, at);
  const failures = health.failures.filter(isPlausible);
  const goods = health.goods.filter(isPlausible);
  const tallies = health.tallies.filter(isPlausible);
  const standing = health.standing && plausibleStanding(health.standing, at);
  const isWhole =
    failures.length === health.failures.length &&
    goods.length === health.goods.length &&
    tallies.length === health.tallies.length &&
    standing === health.standing;
  return isWhole ? health : { failures, goods, tallies, ...(standing === undefined ? {} : { standing }) };
}

function plausibleStanding(standing: Standing, at: InstantMs): Standing | undefined {
  const { probe, ...unprobed } = standing;
  const times = [standing.at, standing.until, standing.episode];
  const isSound = standing.ejections <= EJECTIONS_MAX && times.every((time) => isPlausibleTime(time, at));
  if (!isSound) return undefined;
  // Whose clock is an hour ahead takes every ejection for over, and the place of its probe.
  return probe === undefined || isPlausibleTime(probe.at, at) ? standing : unprobed;
}
