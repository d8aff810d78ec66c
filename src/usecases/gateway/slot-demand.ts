import { slotsOf } from '#core/capacity/capacity-limit.ts';
import type { Lane } from '#core/capacity/lane.ts';
import { slotsReservedFor } from '#core/capacity/reservation.ts';
import { returnReserve } from '#core/capacity/room.ts';
import { isSpill, ownReserve } from '#core/capacity/spill.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { Target, Tier } from '#core/target.ts';
import type { LeaseDemand } from '../ports/capacity-ledger.ts';
import type { Run } from './job.ts';

export interface AskedSlot {
  readonly candidate: Candidate;
  /** The best tier of the route, whatever its state. */
  readonly wantedTier: Tier;
  /** Which slot of the request it is that is asked for, from 0: each has a lease of its own. */
  readonly ordinal: number;
  /** Another lawful target may still be asked. */
  readonly elsewhere: boolean;
  /** Every lawful target lacks a slot, as far as was heard. */
  readonly lastResort: boolean;
}

/** A call of a target for one lane, and what it leaves to others. */
export interface SlotDemand extends LeaseDemand {
  readonly lane: Lane;
  /** Slots that must be free before the lane comes back to a target that was full; 0 where it does not spill. */
  readonly returnReserve: number;
  /** Slots that are left to the target's own traffic; 0 for requests that are of it. */
  readonly ownReserve: number;
}

/** Undefined where nothing limits the target. */
export function slotsAt({ services: { region, config } }: Run, target: Target): number | undefined {
  return slotsOf(target, { gatewayRegion: region, serverlessSlots: config.capacity.serverlessSlots });
}

/** @param as the lane under whose reservation the slot is asked for */
export function slotDemand(
  run: Run,
  asked: AskedSlot,
  as: { readonly slots: number; readonly lane: Lane },
): SlotDemand {
  const { config, clock } = run.services;
  const { slots, lane } = as;
  const reserves = {
    returnReserve: returnReserveOf(run, asked, as),
    ownReserve: ownReserveOf(run, asked, as),
  };
  const reserved = slotsReservedFor(lane, slots, config.lanes) + reserves.returnReserve + reserves.ownReserve;
  return {
    limit: { target: asked.candidate.target.id, slots, copies: 1 },
    leaseId: `${run.job.arrival.requestId}.${asked.ordinal}`,
    kvTokens: 0,
    // An empty target serves everyone.
    slotsReserved: Math.min(slots - 1, reserved),
    at: clock.now(),
    lane,
    ...reserves,
  };
}

/** Where nobody else may answer, the last free slot is good enough. */
function returnReserveOf(
  { services: { rooms, config } }: Run,
  { candidate, elsewhere, lastResort }: AskedSlot,
  { slots, lane }: { readonly slots: number; readonly lane: Lane },
): number {
  if (!elsewhere || lastResort) return 0;
  const shareMin = config.capacity.spill.returnShareMin;
  return returnReserve(rooms.of(candidate.target.id), lane, { slots, shareMin });
}

function ownReserveOf(
  { services: { config, region }, job }: Run,
  { candidate, wantedTier }: AskedSlot,
  { slots }: { readonly slots: number },
): number {
  if (candidate.target.scope === 'dedicated') return 0;
  const from = { wantedTier, gatewayRegion: region, route: job.sourced.targets };
  return isSpill(candidate, from) ? ownReserve(slots, config.capacity.spill.shareMax) : 0;
}
