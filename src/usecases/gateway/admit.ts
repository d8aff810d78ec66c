import { slotsOf } from '#core/capacity/capacity-limit.ts';
import type { Lane } from '#core/capacity/lane.ts';
import { slotsReservedFor } from '#core/capacity/reservation.ts';
import { ampleRoom, returnReserve } from '#core/capacity/room.ts';
import { isSpill, ownReserve } from '#core/capacity/spill.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { Tier } from '#core/target.ts';
import type { CapacityLimit, LeaseAnswer, LeaseDemand } from '../ports/capacity-ledger.ts';
import type { Run } from './job.ts';

/** The right to one call of a target. */
export interface Lease {
  /** Gives the right back; safe to call more than once. */
  release(): void;
}

export type Admission =
  | { readonly granted: true; readonly lease: Lease }
  | { readonly granted: false; readonly denial: Denial };

/** Why a target took no more of this lane now, or never takes this request. */
export type Denial =
  /** `withReserve`: more had to stay free than the lane itself asks for. */
  | { readonly reason: 'full' | 'unknown'; readonly withReserve: boolean }
  | { readonly reason: 'never-fits'; readonly neededTokens: number; readonly heldTokens: number };

export interface AskedSlot {
  readonly candidate: Candidate;
  /** The best tier of the route, whatever its state. */
  readonly wantedTier: Tier;
  /** Which slot of the request it is that is asked for, from 0: each has a lease of its own. */
  readonly ordinal: number;
  /** Somebody else may answer as well: then a target that was full is left alone until it has some room again. */
  readonly hasOthers: boolean;
}

/**
 * Stage 5. Takes a slot of the target for the request's lane. Nothing is waited for where the target has no limit, or
 * the ledger is this process's own: decision and admission are then one turn of the event loop.
 */
export function admit(run: Run, asked: AskedSlot): Admission | Promise<Admission> {
  const { services } = run;
  const { book, clock, capacity } = services;
  const { target } = asked.candidate;
  const slots = slotsOf(target, limitedBy(run));
  // Before the ledger is asked, so that those who ask meanwhile see that a probe is under way.
  const end = book.begin(target, clock.now());
  if (slots === undefined) return { granted: true, lease: { release: end } };
  const demand = demandFor(run, asked, slots);
  const answer = capacity.acquire(demand);
  return answer instanceof Promise
    ? answer.then((heard) => admissionOf(run, { asked, demand, end, answer: heard, isOwn: false }))
    : admissionOf(run, { asked, demand, end, answer, isOwn: true });
}

export function limitedBy({ services: { region, config } }: Run) {
  return { gatewayRegion: region, serverlessSlots: config.capacity.serverlessSlots };
}

interface FullDemand extends LeaseDemand {
  readonly lane: Lane;
  /** What must stay free so that the lane comes back, or leaves room for the target's own traffic. */
  readonly reserve: number;
}

function demandFor({ services, job }: Run, asked: AskedSlot, slots: number): FullDemand {
  const { config, region, rooms, clock } = services;
  const { target } = asked.candidate;
  const { lane } = job.call.options;
  const { returnShareMin, shareMax } = config.capacity.spill;
  const returning = asked.hasOthers
    ? returnReserve(rooms.of(target.id), lane, { slots, shareMin: returnShareMin })
    : 0;
  const from = { wantedTier: asked.wantedTier, gatewayRegion: region, route: job.sourced.targets };
  const isGuest = target.scope !== 'dedicated' && isSpill(asked.candidate, from);
  const reserve = returning + (isGuest ? ownReserve(slots, shareMax) : 0);
  const limit: CapacityLimit = { target: target.id, slots, copies: 1 };
  return {
    limit,
    leaseId: `${job.arrival.requestId}.${asked.ordinal}`,
    kvTokens: 0,
    // An empty target serves everyone.
    slotsReserved: Math.min(slots - 1, slotsReservedFor(lane, slots, config.lanes) + reserve),
    at: clock.now(),
    lane,
    reserve,
  };
}

interface Asking {
  readonly asked: AskedSlot;
  readonly demand: FullDemand;
  /** Ends what was counted when the asking began. */
  readonly end: () => void;
  readonly answer: LeaseAnswer;
  /** The answer cost no call. */
  readonly isOwn: boolean;
}

function admissionOf(run: Run, asking: Asking): Admission {
  const { demand, answer, end } = asking;
  const { limit, leaseId } = demand;
  if (answer.granted) {
    const giveBack = run.services.leases.keep(limit, leaseId);
    noteGrant(run, asking);
    return {
      granted: true,
      lease: {
        release: () => {
          end();
          giveBack();
        },
      },
    };
  }
  end();
  return { granted: false, denial: denied(run, asking, answer.reason) };
}

function noteGrant({ services: { rooms, book } }: Run, { asked, demand, isOwn }: Asking): void {
  const { target } = asked.candidate;
  const { lane, limit, at } = demand;
  if (asked.hasOthers && rooms.of(target.id) !== ampleRoom) rooms.letIn(target.id, lane);
  const underWay = book.view().inFlight.get(target.id) ?? 0;
  if (underWay >= limit.slots) rooms.turnedAway(target.id, { lane: 'interactive', at, asked: !isOwn });
}

function denied({ services }: Run, { asked, demand, isOwn }: Asking, reason: Denial['reason']): Denial {
  const { rooms, book, clock, metrics } = services;
  const { target } = asked.candidate;
  const { lane, limit, reserve, kvTokens } = demand;
  const at = clock.now();
  book.abandoned(target, at);
  if (reason === 'never-fits') {
    const heldTokens = Math.floor((limit.kvTokens ?? 0) / limit.copies);
    return { reason, neededTokens: kvTokens, heldTokens };
  }
  if (reason === 'unknown') {
    metrics.count('capacity-unknown');
    rooms.unheard(target.id, { lane, at });
  } else if (reserve === 0) rooms.turnedAway(target.id, { lane, at, asked: !isOwn });
  return { reason, withReserve: reserve > 0 };
}
