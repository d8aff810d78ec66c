import type { Lane } from '#core/capacity/lane.ts';
import {
  ampleRoom,
  FULL_BELIEVED_MS,
  isKnownFull,
  letIn,
  passedOver,
  type Room,
  turnedAway,
} from '#core/capacity/room.ts';
import { heldMeanMs } from '#core/capacity/slot-pace.ts';
import type { Random } from '#core/units/random.ts';

/** What this process believes of the room at targets. Owns the map; every change is one of core's pure steps. */
export interface RoomBook {
  of(target: string): Room;
  /** Targets that a lane need not ask now. */
  fullFor(lane: Lane, at: number): ReadonlySet<string>;
  /** `asked`: the answer came from elsewhere and cost a call, which is not to be repeated at once. */
  turnedAway(
    target: string,
    turn: { readonly lane: Lane; readonly at: number; readonly asked: boolean },
  ): void;
  /** The ledger did not decide. */
  unheard(target: string, turn: { readonly lane: Lane; readonly at: number }): void;
  letIn(target: string, lane: Lane): void;
  /** A call of a limited target has ended, after so long. */
  gaveBack(target: string, heldMs: number): void;
  /** How long calls of the target have its slots, in the mean; undefined until one has ended. */
  heldMeanMs(target: string): number | undefined;
  /** A guest was refused: a request that comes only because a better target is full, of which the target takes so many. */
  guestTurnedAway(target: string, turn: { readonly lane: Lane; readonly at: number }): void;
  /** Whether a guest need not ask now. */
  isFullForGuests(target: string, lane: Lane, at: number): boolean;
}

/** Of a process that was never turned away: nothing is made for its decisions. */
const noneFull: ReadonlySet<string> = new Set();

export function createRoomBook(random: Random): RoomBook {
  const rooms = new Map<string, Room>();
  const heldMeans = new Map<string, number>();
  /** Of targets that refused one: at most as many as there are. */
  const forGuests = new Map<string, Room>();
  const of = (target: string): Room => rooms.get(target) ?? ampleRoom;
  const keep = (target: string, room: Room): void => {
    if (room === ampleRoom) rooms.delete(target);
    else rooms.set(target, room);
  };
  const believedMs = (): number => {
    const { min, max } = FULL_BELIEVED_MS;
    return min + Math.floor(random.next() * (max - min));
  };
  return {
    of,
    fullFor: (lane, at) => {
      if (rooms.size === 0) return noneFull;
      const full = [...rooms].filter(([, room]) => isKnownFull(room, lane, at)).map(([target]) => target);
      return full.length === 0 ? noneFull : new Set(full);
    },
    turnedAway: (target, { lane, at, asked }) =>
      keep(target, turnedAway(of(target), { lane, at, believedMs: asked ? believedMs() : 0 })),
    unheard: (target, { lane, at }) =>
      keep(target, passedOver(of(target), { lane, at, believedMs: believedMs() })),
    letIn: (target, lane) => keep(target, letIn(of(target), lane)),
    gaveBack: (target, heldMs) => heldMeans.set(target, heldMeanMs(heldMeans.get(target), heldMs)),
    heldMeanMs: (target) => heldMeans.get(target),
    guestTurnedAway: (target, { lane, at }) => {
      const before = forGuests.get(target) ?? ampleRoom;
      forGuests.set(target, passedOver(before, { lane, at, believedMs: believedMs() }));
    },
    isFullForGuests: (target, lane, at) => isKnownFull(forGuests.get(target) ?? ampleRoom, lane, at),
  };
}
