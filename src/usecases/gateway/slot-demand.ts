import { slotsOf } from '#core/capacity/capacity-limit.ts';
import type { Lane } from '#core/capacity/lane.ts';
import { slotsReservedFor } from '#core/capacity/reservation.ts';
import { returnReserve } from '#core/capacity/room.ts';
import { isSpill, ownReserve } from '#core/capacity/spill.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { Target, Tier } from '#core/target.ts';
import type { CapacityLimit, LeaseDemand } from '../ports/capacity-ledger.ts';
import type { Job, Run } from './job.ts';
import type { Services } from './services.ts';

export interface AskedSlot {
  readonly candidate: Candidate;
  /** The best tier of the route, whatever its state. */
  readonly wantedTier: Tier;
  /** Which slot of the request it is that is asked for, from 0: each has a lease of its own. */
  readonly ordinal: number;
  /** Targets that may be asked now, this one among them. */
  readonly plan: readonly Candidate[];
  /** What the request has waited for slots so far, in milliseconds. */
  readonly waitedMs: number;
  /** Every lawful target lacks a slot, as far as was heard. */
  readonly lastResort: boolean;
}

/** Another lawful target may still be asked. */
export function hasElsewhere({ plan }: AskedSlot): boolean {
  return plan.length > 1;
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

/** @param as the lane under whose reservation the slot is asked for, and whether the request has waited for it */
export function slotDemand(
  run: Run,
  asked: AskedSlot,
  as: { readonly slots: number; readonly lane: Lane; readonly inTurn: boolean },
): SlotDemand {
  const { config, clock, sizes } = run.services;
  const { slots, lane } = as;
  const { target } = asked.candidate;
  const limit = limitAt(run, target, slots);
  const reserves = {
    returnReserve: returnReserveOf(run, asked, as),
    ownReserve: ownReserveOf(run, asked, as),
  };
  const reserved = slotsReservedFor(lane, slots, config.lanes) + reserves.returnReserve + reserves.ownReserve;
  return {
    limit,
    leaseId: `${run.job.arrival.requestId}.${asked.ordinal}`,
    kvTokens: limit.kvTokens === undefined ? 0 : sizes.kvTokensOf(run.job, target),
    // An empty target serves everyone.
    slotsReserved: Math.min(slots - 1, reserved),
    at: clock.now(),
    lane,
    ...reserves,
  };
}

/** Where plan shared the memory out without this gateway region, nothing fits. */
function limitAt({ services: { region } }: Run, target: Target, slots: number): CapacityLimit {
  const { id, kvTokens, copies = 1 } = target;
  return kvTokens === undefined
    ? { target: id, slots, copies: 1 }
    : { target: id, slots, copies, kvTokens: kvTokens[region] ?? 0 };
}

/** Where nobody else may answer, or it was waited for, the last free slot is good enough. */
function returnReserveOf(
  { services: { rooms, config } }: Run,
  asked: AskedSlot,
  { slots, lane, inTurn }: { readonly slots: number; readonly lane: Lane; readonly inTurn: boolean },
): number {
  const { candidate, lastResort } = asked;
  if (inTurn || lastResort || !hasElsewhere(asked)) return 0;
  const shareMin = config.capacity.spill.returnShareMin;
  return returnReserve(rooms.of(candidate.target.id), lane, { slots, shareMin });
}

function ownReserveOf(
  { services, job }: Run,
  asked: AskedSlot,
  { slots }: { readonly slots: number },
): number {
  if (asked.candidate.target.scope === 'dedicated') return 0;
  return isSpilled(services, job, asked) ? ownReserve(slots, services.config.capacity.spill.shareMax) : 0;
}

/** Whether the request comes to the target only because a better one has no room or fails. */
export function isSpilled(
  { region }: Pick<Services, 'region'>,
  { sourced }: Pick<Job, 'sourced'>,
  { candidate, wantedTier }: Pick<AskedSlot, 'candidate' | 'wantedTier'>,
): boolean {
  return isSpill(candidate, { wantedTier, gatewayRegion: region, route: sourced.targets });
}
