/**
 * What one process believes of the room at one target: which lanes were turned away lately, and which of them go past
 * it until there is room again.
 *
 *     room ── turned away ──▶ full (50 to 100 ms: nobody asks) ──▶ spilling: asks for more than it needs ──▶ room
 *
 * A lane that is turned away takes the lanes below it along, which need more free slots than it does. One that is let
 * in with the return reserve frees the lanes above it as well.
 */
import type { InstantMs } from '../units/instant-ms.ts';
import { type Lane, lanes } from './lane.ts';

/**
 * How long a full answer is believed, at least and at most: by chance between, so that processes do not come back
 * together. At 3 starts a second and page, a slot comes back about every 300 ms.
 */
export const FULL_BELIEVED_MS = { min: 50, max: 100 } as const;

export interface Room {
  /** Index of the highest lane that goes past the target; as many as there are lanes where none does. */
  readonly spillsFrom: number;
  /** Index of the highest lane that is known to be turned away, until `fullUntil`. */
  readonly fullFrom: number;
  readonly fullUntil: InstantMs;
}

export const ampleRoom: Room = { spillsFrom: lanes.length, fullFrom: lanes.length, fullUntil: 0 };

/**
 * After a lane was turned away, or the last slot was given to it.
 *
 * @param change.believedMs how long nobody need ask again; 0 where asking costs nothing
 */
export function turnedAway(
  room: Room,
  change: { readonly lane: Lane; readonly at: InstantMs; readonly believedMs: number },
): Room {
  const index = lanes.indexOf(change.lane);
  const { fullFrom, fullUntil } = believed(room, { ...change, index });
  return { spillsFrom: Math.min(room.spillsFrom, index), fullFrom, fullUntil };
}

/**
 * After nobody could say whether there is room, or only those were turned away who come from fuller targets: believed for
 * a moment, and no sign of a full target.
 */
export function passedOver(
  room: Room,
  change: { readonly lane: Lane; readonly at: InstantMs; readonly believedMs: number },
): Room {
  return { ...room, ...believed(room, { ...change, index: lanes.indexOf(change.lane) }) };
}

/** A belief of a higher lane holds for the lower ones too; it is not made longer by theirs. */
function believed(
  room: Room,
  { index, at, believedMs }: { readonly index: number; readonly at: InstantMs; readonly believedMs: number },
): Pick<Room, 'fullFrom' | 'fullUntil'> {
  const stands = room.fullUntil > at;
  if (stands && index > room.fullFrom) return room;
  return { fullFrom: index, fullUntil: Math.max(stands ? room.fullUntil : 0, at + believedMs) };
}

/** After a lane was let in although as many slots as its return reserve stayed free. */
export function letIn(room: Room, lane: Lane): Room {
  const index = lanes.indexOf(lane);
  const spillsFrom = index < room.spillsFrom ? room.spillsFrom : index + 1;
  // What was heard of lower lanes stands: they need more free slots than this one.
  if (index < room.fullFrom) return { ...room, spillsFrom };
  return spillsFrom === lanes.length ? ampleRoom : { ...ampleRoom, spillsFrom };
}

/** Whether the lane goes past the target until it has room to spare. */
export function spills({ spillsFrom }: Room, lane: Lane): boolean {
  return lanes.indexOf(lane) >= spillsFrom;
}

/** Whether asking for a slot is known to be in vain now. */
export function isKnownFull({ fullFrom, fullUntil }: Room, lane: Lane, at: InstantMs): boolean {
  return fullUntil > at && lanes.indexOf(lane) >= fullFrom;
}

/**
 * Slots that must stay free, beside those that are reserved for higher lanes, before a lane comes back to a target that
 * had turned it away; 0 while it does not spill.
 *
 * @param shareMin of the slots, rounded down: a pool of fewer than 16 cannot afford even one at a sixteenth
 */
export function returnReserve(
  room: Room,
  lane: Lane,
  pool: { readonly slots: number; readonly shareMin: number },
): number {
  return spills(room, lane) ? Math.floor(pool.slots * pool.shareMin) : 0;
}
