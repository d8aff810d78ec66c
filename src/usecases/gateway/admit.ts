import type { Lane } from '#core/capacity/lane.ts';
import { kvTokensOfCopy } from '#core/capacity/lease.ts';
import { ampleRoom } from '#core/capacity/room.ts';
import type { LeaseAnswer } from '../ports/capacity-ledger.ts';
import { remainingMs } from './decide.ts';
import type { Run } from './job.ts';
import type { LaneQueue, SlotWait, WaitEnd } from './lane-queue.ts';
import { type AskedSlot, type SlotDemand, slotDemand, slotsAt } from './slot-demand.ts';

/** The right to one call of a target. */
export interface Lease {
  /** Gives the right back; safe to call more than once. */
  release(): void;
}

export type Admission =
  | { readonly granted: true; readonly lease: Lease; readonly waitedMs: number }
  | { readonly granted: false; readonly denial: Denial };

/** Why a target took no more of this lane now, or never takes this request; or nobody waits for it any more. */
export type Denial =
  /** `asked: false`: it was known, and nobody was asked. */
  | { readonly reason: 'full'; readonly waitedMs: number; readonly asked?: false }
  | { readonly reason: 'never-fits'; readonly neededTokens: number; readonly heldTokens: number }
  | { readonly reason: 'left' };

/**
 * Stage 5. Takes a slot of the target for the request's lane. Nothing is waited for where the target has no limit, or
 * the ledger is this process's own: decision and admission are then one turn of the event loop. In a process that serves
 * many requests, those that nobody else may answer wait in a line for a slot; everyone else goes on at once.
 */
export function admit(run: Run, asked: AskedSlot): Admission | Promise<Admission> {
  const { book, clock, lines } = run.services;
  const { target } = asked.candidate;
  const slots = slotsAt(run, target);
  if (slots === undefined) {
    return { granted: true, lease: { release: book.begin(target, clock.now()) }, waitedMs: 0 };
  }
  const slot = new Slot(run, asked, slots);
  if (slot.isKnownFull()) return { granted: false, denial: { reason: 'full', waitedMs: 0, asked: false } };
  return lines === undefined ? slot.ask() : slot.waitIn(lines);
}

/** One slot of one target, from the first question for it to its lease. */
class Slot {
  readonly #run: Run;
  readonly #asked: AskedSlot;
  readonly #slots: number;
  #demand: SlotDemand;
  /** Of the last question, once it was granted. */
  #end: (() => void) | undefined;

  constructor(run: Run, asked: AskedSlot, slots: number) {
    this.#run = run;
    this.#asked = asked;
    this.#slots = slots;
    this.#demand = this.#demandAs(run.job.call.options.lane);
  }

  /** For a guest whose like was turned away just now; where nobody else may answer, it asks all the same. */
  isKnownFull(): boolean {
    const { rooms, clock } = this.#run.services;
    const { lane, ownReserve, limit } = this.#demand;
    if (ownReserve === 0 || this.#asked.lastResort) return false;
    return rooms.isFullForGuests(limit.target, lane, clock.now());
  }

  ask(): Admission | Promise<Admission> {
    const told = (answer: LeaseAnswer): Admission => {
      if (answer.granted) return this.#granted(0);
      return answer.reason === 'never-fits' ? this.#neverFits() : full(0);
    };
    const answer = this.#acquire(this.#demand);
    return answer instanceof Promise ? answer.then(told) : told(answer);
  }

  waitIn(lines: LaneQueue): Admission | Promise<Admission> {
    const told = (end: WaitEnd): Admission => {
      switch (end.kind) {
        case 'granted':
          return this.#granted(end.waitedMs);
        case 'never-fits':
          return this.#neverFits();
        case 'left':
          return { granted: false, denial: { reason: 'left' } };
        default:
          return full(end.waitedMs);
      }
    };
    const end = lines.wait(this.#asked.candidate.target.id, this.#wait());
    return end instanceof Promise ? end.then(told) : told(end);
  }

  #wait(): SlotWait {
    const { services, job } = this.#run;
    const { candidate, elsewhere, lastResort } = this.#asked;
    const { deadlines } = job.call.modelConfig;
    const dedicated = candidate.target.scope === 'dedicated';
    const firstContentMs = dedicated ? deadlines.dedicatedFirstContentMs : deadlines.firstContentMs;
    const answerMs = services.book.view().health.get(candidate.target.id)?.typicalFirstContentMs ?? 0;
    const waitMs = Math.min(firstContentMs, remainingMs(services, job)) - answerMs;
    return {
      lane: job.call.options.lane,
      tenant: job.placement.tenant.name,
      // Where memory limits nothing, one call is as good as another.
      work: Math.max(1, this.#demand.kvTokens),
      startBy: services.clock.monotonicMs() + waitMs,
      // Whoever has elsewhere to go waits for nothing until that is full too.
      firstContentMs: lastResort ? firstContentMs : 0,
      elsewhere: elsewhere || !lastResort,
      signal: job.arrival.request.signal,
      acquire: (lane) => this.#acquire(this.#demandAs(lane)),
      giveBack: () => this.#lease().release(),
    };
  }

  #demandAs(lane: Lane): SlotDemand {
    return slotDemand(this.#run, this.#asked, { slots: this.#slots, lane });
  }

  #acquire(demand: SlotDemand): LeaseAnswer | Promise<LeaseAnswer> {
    const { book, clock, capacity } = this.#run.services;
    const { target } = this.#asked.candidate;
    this.#demand = demand;
    // Before the ledger is asked, so that those who ask meanwhile see that a probe is under way.
    const end = book.begin(target, clock.now());
    const answer = capacity.acquire(demand);
    return answer instanceof Promise
      ? answer.then((heard) => this.#heard(heard, end, false))
      : this.#heard(answer, end, true);
  }

  /** @param isOwn the answer cost no call */
  #heard(answer: LeaseAnswer, end: () => void, isOwn: boolean): LeaseAnswer {
    if (answer.granted) {
      this.#end = end;
      this.#noteGrant(isOwn);
      return answer;
    }
    end();
    const { book, clock } = this.#run.services;
    const { target } = this.#asked.candidate;
    if (book.view().health.has(target.id)) book.abandoned(target, clock.now());
    this.#noteDenial(answer.reason, isOwn);
    return answer;
  }

  #noteGrant(isOwn: boolean): void {
    const { rooms, book } = this.#run.services;
    const { elsewhere, lastResort, candidate } = this.#asked;
    const { id } = candidate.target;
    const { lane, limit, at } = this.#demand;
    if (elsewhere && !lastResort && rooms.of(id) !== ampleRoom) rooms.letIn(id, lane);
    const underWay = book.view().inFlight.get(id) ?? 0;
    if (underWay >= limit.slots) rooms.turnedAway(id, { lane: 'interactive', at, asked: !isOwn });
  }

  #noteDenial(reason: (LeaseAnswer & { readonly granted: false })['reason'], isOwn: boolean): void {
    const { rooms, clock, metrics } = this.#run.services;
    const { id } = this.#asked.candidate.target;
    const { lane, ownReserve } = this.#demand;
    const at = clock.now();
    if (reason === 'unknown') {
      metrics.count('capacity-unknown');
      rooms.unheard(id, { lane, at });
    } else if (reason === 'full' && this.#isUsual()) {
      if (ownReserve === 0) rooms.turnedAway(id, { lane, at, asked: !isOwn });
      else if (!isOwn) rooms.guestTurnedAway(id, { lane, at });
    }
  }

  /** A request that needs more memory than a slot has on average says nothing of the room for others. */
  #isUsual(): boolean {
    const { limit, kvTokens } = this.#demand;
    return limit.kvTokens === undefined || kvTokens <= limit.kvTokens / limit.slots;
  }

  #granted(waitedMs: number): Admission {
    return { granted: true, lease: this.#lease(), waitedMs };
  }

  #lease(): Lease {
    const { leases, lines, behind } = this.#run.services;
    const { limit, leaseId } = this.#demand;
    const giveBack = leases.keep(limit, leaseId);
    const end = this.#end;
    return {
      release: () => {
        end?.();
        const givingBack = giveBack();
        const freed = (): void => lines?.slotFreed(limit.target);
        if (givingBack === undefined) freed();
        else behind.add(givingBack.then(freed));
      },
    };
  }

  #neverFits(): Admission {
    const { limit, kvTokens } = this.#demand;
    const heldTokens = kvTokensOfCopy(limit) ?? 0;
    return { granted: false, denial: { reason: 'never-fits', neededTokens: kvTokens, heldTokens } };
  }
}

const full = (waitedMs: number): Admission => ({ granted: false, denial: { reason: 'full', waitedMs } });
