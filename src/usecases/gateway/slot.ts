import type { Lane } from '#core/capacity/lane.ts';
import { kvTokensOfCopy } from '#core/capacity/lease.ts';
import { ampleRoom } from '#core/capacity/room.ts';
import type { Lacking, LeaseAnswer } from '../ports/capacity-ledger.ts';
import { remainingMs, type TokensHeld } from './decide.ts';
import type { Run } from './job.ts';
import type { LaneQueue, SlotWait, WaitEnd } from './lane-queue.ts';
import type { LeaseHolder } from './lease-keeper.ts';
import { type AskedSlot, hasElsewhere, type SlotDemand, slotDemand } from './slot-demand.ts';
import { type Patience, spillPatience } from './spill-patience.ts';

/** The right to one call of a target. */
export interface Lease {
  /** Its call has come to fill more KV tokens than it was let in with. @default - memory limits nothing */
  readonly grow?: ((kvTokens: number) => void) | undefined;
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
  | ({ readonly reason: 'never-fits' } & TokensHeld)
  | { readonly reason: 'left' };

/** What a call may expect of a target that gives it nothing now; of a full one, how long it would wait there before it goes on. */
export type ForeseenDenial =
  | { readonly reason: 'full'; readonly lacks: Lacking; readonly waitMsMax: number }
  | (Denial & { readonly reason: 'never-fits' });

const noPatience: Patience = { firstContentMs: 0, share: 0 };

const deniedAsFull = (waitedMs: number): Admission => ({
  granted: false,
  denial: { reason: 'full', waitedMs },
});

/** Its caller left while it waited. */
const leftWaiting: Admission = { granted: false, denial: { reason: 'left' } };

/** Who waits outside of a line asks again so often, no more. */
const ASKS_AGAIN_MAX = 2;

/** One slot of one target, from the first question for it to its lease. Stands in a line as it is. */
export class Slot implements SlotWait, LeaseHolder {
  readonly #run: Run;
  readonly #asked: AskedSlot;
  readonly #slots: number;
  #demand: SlotDemand;
  /** Of the last question, once it was granted. */
  #end: (() => void) | undefined;
  #startBy: number | undefined;
  #patience: Patience | undefined;
  /** The ledger did not decide: nothing is known of the room, and nothing is to be waited for but an answer. */
  #unheard = false;

  constructor(run: Run, asked: AskedSlot, slots: number) {
    this.#run = run;
    this.#asked = asked;
    this.#slots = slots;
    this.#demand = this.#demandAs(this.lane, false);
  }

  get lane(): Lane {
    return this.#run.job.call.options.lane;
  }

  get tenant(): string {
    return this.#run.job.placement.tenant.name;
  }

  get residency(): string {
    return this.#run.job.placement.policy.name;
  }

  get model(): string {
    return this.#run.job.call.work.request.model;
  }

  /** Where memory limits nothing, one call is as good as another. */
  get work(): number {
    return Math.max(1, this.#demand.kvTokens);
  }

  get signal(): AbortSignal {
    return this.#run.job.arrival.request.signal;
  }

  get startBy(): number {
    this.#startBy ??= this.#latestStart();
    return this.#startBy;
  }

  get firstContentMs(): number {
    return this.#patienceNow().firstContentMs;
  }

  get waitShareMax(): number {
    return this.#patienceNow().share;
  }

  get elsewhere(): boolean {
    return hasElsewhere(this.#asked) || !this.#asked.lastResort;
  }

  acquire(lane: Lane, inTurn: boolean): LeaseAnswer | Promise<LeaseAnswer> {
    return this.#acquire(this.#demandAs(lane, inTurn));
  }

  giveBack(): void {
    this.#lease().release();
  }

  /** For a guest whose like was turned away just now; where nobody else may answer, it asks all the same. */
  isKnownFull(): boolean {
    const { rooms, clock } = this.#run.services;
    const { lane, ownReserve, limit } = this.#demand;
    if (ownReserve === 0 || this.#asked.lastResort) return false;
    return rooms.isFullForGuests(limit.target, lane, clock.now());
  }

  /** A request that needs more memory than a slot has on average says nothing of the room for others, nor keeps it. */
  isUsual(): boolean {
    const { limit, kvTokens } = this.#demand;
    return limit.kvTokens === undefined || kvTokens <= limit.kvTokens / limit.slots;
  }

  /** Why it would get nothing, as far as this process knows; nobody is asked. Undefined where it may get it. */
  foresee(): ForeseenDenial | undefined {
    const { kvTokens } = this.#demand;
    if (kvTokens > (this.#largestCall() ?? kvTokens)) return this.#tooLarge();
    const lacks = this.#lacks();
    if (lacks === undefined) return undefined;
    const { firstContentMs, share } = this.#patienceNow();
    return { reason: 'full', lacks, waitMsMax: Math.floor(firstContentMs * share) };
  }

  /** The ledger's own judgement, else what this process has under way itself. */
  #lacks(): Lacking | undefined {
    const { capacity, book } = this.#run.services;
    const { limit, slotsReserved } = this.#demand;
    const lacks = capacity.foresee?.(this.#demand);
    if (lacks !== undefined) return lacks;
    const underWay = book.view().inFlight.get(limit.target) ?? 0;
    return this.isKnownFull() || underWay + slotsReserved >= limit.slots ? 'slots' : undefined;
  }

  /** Asks, and where it is worth waiting once or twice again: nobody stands behind it. */
  ask(): Admission | Promise<Admission> {
    const told = (answer: LeaseAnswer): Admission | Promise<Admission> => {
      if (answer.granted) return this.#granted(0);
      if (answer.reason === 'never-fits') return this.#neverFits();
      const { firstContentMs, share } = this.#patienceNow();
      return share === 0 || this.#asked.lastResort ? deniedAsFull(0) : this.#askAgain(share * firstContentMs);
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
          return leftWaiting;
        default:
          return this.#waitedInVain(end.waitedMs);
      }
    };
    const end = lines.wait(this.#asked.candidate.target.id, this);
    return end instanceof Promise ? end.then(told) : told(end);
  }

  /** At moments by chance, so that those who were turned away together do not come back together. */
  async #askAgain(budgetMs: number): Promise<Admission> {
    const { clock, random } = this.#run.services;
    const startedMs = clock.monotonicMs();
    const waitedMs = (): number => clock.monotonicMs() - startedMs;
    for (let asks = 0; asks < ASKS_AGAIN_MAX; asks += 1) {
      const leftMs = Math.min(budgetMs - waitedMs(), (random.next() * budgetMs) / ASKS_AGAIN_MAX);
      if (leftMs <= 0) continue;
      try {
        await clock.sleep(leftMs, this.signal);
      } catch {
        return leftWaiting;
      }
      const answer = await this.acquire(this.lane, true);
      if (answer.granted) return this.#granted(waitedMs());
      if (answer.reason === 'never-fits') return this.#neverFits();
      if (answer.reason === 'unknown') break;
    }
    return this.#waitedInVain(waitedMs());
  }

  #latestStart(): number {
    const { services, job } = this.#run;
    const { candidate } = this.#asked;
    const { deadlines } = job.call.modelConfig;
    const dedicated = candidate.target.scope === 'dedicated';
    const firstContentMs = dedicated ? deadlines.dedicatedFirstContentMs : deadlines.firstContentMs;
    const answerMs = services.book.view().health.get(candidate.target.id)?.typicalFirstContentMs ?? 0;
    const waitMs = Math.min(firstContentMs, remainingMs(services, job)) - answerMs;
    return services.clock.monotonicMs() + waitMs;
  }

  #patienceNow(): Patience {
    if (this.#unheard && !this.#asked.lastResort) return noPatience;
    this.#patience ??= this.#asked.lastResort
      ? this.#lastPatience()
      : spillPatience(this.#run, this.#asked, this.#demand);
    return this.#patience;
  }

  /** Every target is full: of the next one a slot may come sooner. */
  #lastPatience(): Patience {
    const { job, services } = this.#run;
    const { deadlines } = job.call.modelConfig;
    const isDedicated = this.#asked.candidate.target.scope === 'dedicated';
    const firstContentMs = isDedicated ? deadlines.dedicatedFirstContentMs : deadlines.firstContentMs;
    return { firstContentMs, share: services.config.lanes.waitShareMax };
  }

  #demandAs(lane: Lane, inTurn: boolean): SlotDemand {
    return slotDemand(this.#run, this.#asked, { slots: this.#slots, lane, inTurn });
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
      this.#noteGrant();
      return answer;
    }
    end();
    const { book, clock } = this.#run.services;
    const { target } = this.#asked.candidate;
    if (book.view().health.has(target.id)) book.abandoned(target, clock.now());
    this.#noteDenial(answer.reason, isOwn);
    return answer;
  }

  #noteGrant(): void {
    const { rooms } = this.#run.services;
    const { id } = this.#asked.candidate.target;
    const isOneOfSeveral = hasElsewhere(this.#asked) && !this.#asked.lastResort;
    if (isOneOfSeveral && rooms.of(id) !== ampleRoom) rooms.letIn(id, this.#demand.lane);
  }

  #noteDenial(reason: (LeaseAnswer & { readonly granted: false })['reason'], isOwn: boolean): void {
    const { rooms, clock, metrics } = this.#run.services;
    const { id } = this.#asked.candidate.target;
    const { lane, ownReserve } = this.#demand;
    const at = clock.now();
    if (reason === 'unknown') {
      metrics.count('capacity-unknown');
      this.#unheard = true;
      rooms.unheard(id, { lane, at });
    } else if (reason === 'full' && this.isUsual()) {
      if (ownReserve > 0) {
        if (!isOwn) rooms.guestTurnedAway(id, { lane, at });
        // Who waits has not gone past the target yet.
      } else if (this.#asked.lastResort || this.#patienceNow().share === 0)
        rooms.turnedAway(id, { lane, at, asked: !isOwn });
    }
  }

  #waitedInVain(waitedMs: number): Admission {
    const { rooms, clock } = this.#run.services;
    const { lane, ownReserve, limit } = this.#demand;
    if (ownReserve === 0 && this.isUsual() && !this.#unheard)
      rooms.turnedAway(limit.target, { lane, at: clock.now(), asked: false });
    return deniedAsFull(waitedMs);
  }

  #granted(waitedMs: number): Admission {
    return { granted: true, lease: this.#lease(), waitedMs };
  }

  #lease(): Lease {
    const { leases, lines, behind, rooms, clock } = this.#run.services;
    const { limit, leaseId } = this.#demand;
    const { grow, giveBack } = leases.keep(limit, leaseId, this);
    const end = this.#end;
    const sinceMs = clock.monotonicMs();
    let open = true;
    return {
      grow: limit.kvTokens === undefined ? undefined : grow,
      release: () => {
        end?.();
        if (open) rooms.gaveBack(limit.target, clock.monotonicMs() - sinceMs);
        open = false;
        const givingBack = giveBack();
        const freed = (): void => lines?.slotFreed(limit.target);
        if (givingBack === undefined) freed();
        else behind.add(givingBack.then(freed));
      },
    };
  }

  #neverFits(): Admission {
    return { granted: false, denial: this.#tooLarge() };
  }

  /** As the ledger judges it: it may set a part of the limit aside. */
  #largestCall(): number | undefined {
    const { capacity } = this.#run.services;
    const { limit } = this.#demand;
    return capacity.largestCall === undefined ? kvTokensOfCopy(limit) : capacity.largestCall(limit);
  }

  #tooLarge(): Denial & { readonly reason: 'never-fits' } {
    const { kvTokens } = this.#demand;
    const heldTokens = this.#largestCall() ?? 0;
    return { reason: 'never-fits', neededTokens: kvTokens, heldTokens, of: 'memory' };
  }
}
