import { type Lane, lanes } from './lane.ts';

export type ByLane<Value> = Readonly<Record<Lane, Value>>;

/** The same question put to every lane. */
export function byLane<Value>(answer: (lane: Lane) => Value): ByLane<Value> {
  return { interactive: answer('interactive'), standard: answer('standard'), bulk: answer('bulk') };
}

/** What a lane asks of a pool. */
export interface LaneDemand {
  /** Calls that would be under way if none were refused: arrivals a second × seconds a call. 0 or more. */
  readonly offeredErlangs: number;
  /** The lane gets a slot only while more than so many are free. */
  readonly slotsReserved: number;
}

export interface PoolLoss {
  /** Share of each lane's calls that find no slot, from 0 to 1. */
  readonly blockedShares: ByLane<number>;
  /** Slots taken on average, as a share of all. */
  readonly usedShare: number;
}

/** Far below the largest double, so that one more step cannot leave its range. */
const RESCALE_ABOVE = 1e200;

/**
 * What becomes of the calls of a pool of slots in the long run, exactly: calls come independently of each other
 * (Poisson), those that find no slot go elsewhere, and only the mean length of a call counts.
 *
 *     slots taken   0 ──▶ 1 ──▶ … ──▶ n ──▶ n+1 ──▶ … ──▶ slots
 *                     ◀──   ◀──       ◀──               up by the lanes that may enter at n, down by the n under way
 */
export function poolLoss(slots: number, demands: ByLane<LaneDemand>): PoolLoss {
  let weight = 1;
  let sum = 0;
  let taken = 0;
  const blocked = { interactive: 0, standard: 0, bulk: 0 };
  for (let busy = 0; busy <= slots; busy += 1) {
    sum += weight;
    taken += weight * busy;
    let entering = 0;
    for (const lane of lanes) {
      const { offeredErlangs, slotsReserved } = demands[lane];
      if (slots - busy > slotsReserved) entering += offeredErlangs;
      else blocked[lane] += weight;
    }
    weight *= entering / (busy + 1);
    if (weight > RESCALE_ABOVE || sum > RESCALE_ABOVE) {
      weight /= RESCALE_ABOVE;
      sum /= RESCALE_ABOVE;
      taken /= RESCALE_ABOVE;
      for (const lane of lanes) blocked[lane] /= RESCALE_ABOVE;
    }
  }
  return { blockedShares: byLane((lane) => blocked[lane] / sum), usedShare: taken / sum / slots };
}
