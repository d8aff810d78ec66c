/** Calls of lanes that come and go over the slots of one target, by the rules that ship, in made time. */
import { type Lane, lanes } from '#core/capacity/lane.ts';
import { pagesFor } from '#core/capacity/lease-page-layout.ts';
import { type ByLane, byLane, type PoolLoss } from '#core/capacity/reservation-loss.ts';
import { createSeededRandom } from '#core/units/random.ts';

/** Finds a pool with a slot for a call, or none. */
type Admission = (lane: Lane, occupied: readonly number[], call: number) => number | undefined;

export interface LaneWorld {
  readonly offeredErlangs: ByLane<number>;
  readonly slots: number;
  readonly admission: Admission;
  readonly calls: number;
  readonly seed: number;
}

/** One pool: a lane gets a slot while more are free than are reserved. */
export function onePool(slots: number, reserved: ByLane<number>): Admission {
  return (lane, [busy = 0]) => (slots - busy > reserved[lane] ? 0 : undefined);
}

/** Lease pages, each with its part of what is reserved, tried in the order of the ledger's own layout. */
export function leasePages(slots: number, reserved: ByLane<number>): Admission {
  const limit = { target: 'target', slots, copies: 1 };
  return (lane, occupied, call) => {
    for (const { key, room } of pagesFor(limit, { leaseId: `call ${call}`, slotsReserved: reserved[lane] })) {
      const page = Number(key.split('#')[1]);
      if ((occupied[page] ?? 0) < room.slots) return page;
    }
    return undefined;
  };
}

/** Runs so many calls through, after a tenth as many for a start: they come by chance and last 1 in the mean, by chance. */
export function runLanes({ offeredErlangs, slots, admission, calls, seed }: LaneWorld): PoolLoss {
  const random = createSeededRandom(seed);
  /** By pool; 64 of them are more than any world here has. */
  const occupied = Array.from({ length: 64 }, () => 0);
  const offered = lanes.reduce((sum, lane) => sum + offeredErlangs[lane], 0);
  const asked = { interactive: 0, standard: 0, bulk: 0 };
  const blocked = { interactive: 0, standard: 0, bulk: 0 };
  let busy = 0;
  let elapsed = 0;
  let busyTime = 0;
  for (let call = -Math.floor(calls / 10); call < calls; ) {
    // What lasts by chance has no memory: the next event is an end as often as ends weigh among all that may come.
    const rate = offered + busy;
    if (call >= 0) {
      elapsed += 1 / rate;
      busyTime += busy / rate;
    }
    if (random.next() * rate < busy) {
      endOne(occupied, Math.floor(random.next() * busy));
      busy -= 1;
      continue;
    }
    const lane = laneAt(offeredErlangs, random.next() * offered);
    const pool = admission(lane, occupied, call);
    if (pool !== undefined) {
      occupied[pool] = (occupied[pool] ?? 0) + 1;
      busy += 1;
    }
    if (call >= 0) {
      asked[lane] += 1;
      if (pool === undefined) blocked[lane] += 1;
    }
    call += 1;
  }
  const blockedShares = byLane((lane) => (asked[lane] === 0 ? 0 : blocked[lane] / asked[lane]));
  return { blockedShares, usedShare: busyTime / elapsed / slots };
}

/** Every call under way is as likely to be the next that ends. */
function endOne(occupied: number[], index: number): void {
  let left = index;
  const pool = occupied.findIndex((taken) => {
    left -= taken;
    return left < 0;
  });
  occupied[pool] = (occupied[pool] ?? 0) - 1;
}

function laneAt(offeredErlangs: ByLane<number>, point: number): Lane {
  let left = point;
  for (const lane of lanes) {
    left -= offeredErlangs[lane];
    if (left < 0) return lane;
  }
  return 'bulk';
}
