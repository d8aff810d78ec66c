import type { Lane } from './lane.ts';
import { type LaneSettings, type ReservedSlots, reservedSlots } from './reservation-sizes.ts';

/** Sizes that are remembered for one configuration; targets change theirs when copies come and go. */
const SIZES_MAX = 1024;

/** What was worked out before, for as long as its settings live: a memory of a pure function, never of anything else. */
const known = new WeakMap<LaneSettings, Map<number, ReservedSlots>>();

/**
 * Slots of a target that must stay free beside the one a call of the lane gets: `LeaseDemand.slotsReserved`. Worked out
 * once for each size of pool, then looked up.
 *
 * @param slots of the target, 1 or more
 * @param settings the same object each time, or nothing is remembered
 */
export function slotsReservedFor(lane: Lane, slots: number, settings: LaneSettings): number {
  let sizes = known.get(settings);
  if (sizes === undefined) {
    sizes = new Map();
    known.set(settings, sizes);
  }
  let reserved = sizes.get(slots);
  if (reserved === undefined) {
    reserved = reservedSlots(slots, settings);
    if (sizes.size >= SIZES_MAX) sizes.clear();
    sizes.set(slots, reserved);
  }
  return reserved[lane];
}
