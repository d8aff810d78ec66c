import { type ByLane, byLane, type LaneDemand, type PoolLoss, poolLoss } from './reservation-loss.ts';

/** How lanes share the slots of a target, as the configuration has it. Shares are of 0 to 1 unless said otherwise. */
export interface LaneSettings {
  readonly interactive: {
    /** Calls that may find no slot while the planned load is offered. */
    readonly blockedShareMax: number;
    /** Planned load: calls under way if none were refused, as a share of the slots; may exceed 1. */
    readonly offeredShare: number;
  };
  readonly standard: {
    readonly blockedShareMax: number;
    readonly offeredShare: number;
    /** Slots, from the first one taken, that reservation never keeps from the lane. */
    readonly slotShareMin: number;
    /** Turns that the lane gets in a line although lanes above wait. */
    readonly turnShareMin: number;
  };
  readonly bulk: {
    readonly offeredShare: number;
    readonly slotShareMin: number;
    readonly turnShareMin: number;
  };
}

/** Slots that must stay free for the lanes above, by lane; never more for a higher lane than for a lower one. */
export type ReservedSlots = ByLane<number>;

/** Larger pools keep as much in reserve as this one: the larger, the smoother, so that is enough, and soon found. */
const SLOTS_SOLVED_MAX = 512;

/** Where the targets are out of reach, slots that would bring less than a twentieth of what can be had stay open. */
const NEARLY = 1.05;

interface Solution extends Pick<PoolLoss, 'usedShare'> {
  readonly standard: number;
  readonly bulk: number;
  /** Blocked ÷ allowed, of the lane that fares worst; at most 1 where both keep their target. */
  readonly overrun: number;
}

/**
 * The smallest reservation under which the planned load keeps the targets of interactive and standard; where several
 * do, the one that leaves the pool best used. Where none does (a small pool, or more load from above than slots), the
 * one that comes nearest, within what the lanes below are sure of.
 *
 * @param slots 1 or more
 */
export function reservedSlots(slots: number, settings: LaneSettings): ReservedSlots {
  const pool = Math.min(slots, SLOTS_SOLVED_MAX);
  const most = (share: number): number => Math.min(pool - 1, Math.floor(pool - share * pool + 1e-9));
  const bulkMax = most(settings.bulk.slotShareMin);
  const standardMax = Math.min(bulkMax, most(settings.standard.slotShareMin));
  const solve = (standard: number, bulk: number): Solution => solution(pool, { standard, bulk }, settings);
  let best: Solution | undefined;
  let nearest: Solution | undefined;
  for (let standard = 0; standard <= standardMax; standard += 1) {
    const closest = solve(standard, bulkMax);
    if (nearest === undefined || closest.overrun < nearest.overrun) nearest = closest;
    // What standard loses with each further slot cannot come back.
    if (closest.overrun > 1 && best !== undefined) break;
    if (closest.overrun > 1) continue;
    const found = smallestBulk({ standard, from: standard, to: bulkMax, overrunMax: 1 }, solve);
    if (best === undefined || found.usedShare > best.usedShare) best = found;
  }
  if (best !== undefined) return sizes(best);
  if (nearest === undefined) return byLane(() => 0);
  const { standard, overrun } = nearest;
  return sizes(smallestBulk({ standard, from: standard, to: bulkMax, overrunMax: overrun * NEARLY }, solve));
}

/** Blocking above falls with each slot that bulk leaves free, so halving finds the first that is enough. */
function smallestBulk(
  range: {
    readonly standard: number;
    readonly from: number;
    readonly to: number;
    readonly overrunMax: number;
  },
  solve: (standard: number, bulk: number) => Solution,
): Solution {
  const { standard, overrunMax } = range;
  let low = range.from;
  let high = range.to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (solve(standard, middle).overrun <= overrunMax) high = middle;
    else low = middle + 1;
  }
  return solve(standard, low);
}

function solution(
  slots: number,
  reserved: { readonly standard: number; readonly bulk: number },
  settings: LaneSettings,
): Solution {
  const { blockedShares, usedShare } = poolLoss(
    slots,
    plannedDemands(slots, { interactive: 0, ...reserved }, settings),
  );
  const { interactive, standard } = settings;
  const overrun = Math.max(
    blockedShares.interactive / interactive.blockedShareMax,
    // A lane that nobody uses has no target to miss.
    standard.offeredShare === 0 ? 0 : blockedShares.standard / standard.blockedShareMax,
  );
  return { ...reserved, usedShare, overrun };
}

/** The planned load of each lane on so many slots, under a reservation. */
export function plannedDemands(
  slots: number,
  reserved: ReservedSlots,
  settings: LaneSettings,
): ByLane<LaneDemand> {
  return byLane((lane) => ({
    offeredErlangs: settings[lane].offeredShare * slots,
    slotsReserved: reserved[lane],
  }));
}

function sizes({ standard, bulk }: Solution): ReservedSlots {
  return { interactive: 0, standard, bulk };
}
