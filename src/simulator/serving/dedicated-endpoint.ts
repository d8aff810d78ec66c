import type { BatchEvents, BatchLoad } from '#serving-model/batch-engine.ts';
import {
  arrivedBy,
  type CopyCount,
  type CopyScaling,
  lookedAt,
  startedWith,
  wokenBy,
} from '#serving-model/copy-scaling.ts';
import { type CopyKind, CopySet } from './copy-set.ts';
import type { BackendRequest, Refusal, ServingBackend } from './serving-backend.ts';

export interface DedicatedOptions extends CopyKind {
  readonly scaling: CopyScaling;
  /** How often the metric comes by which copies follow load: 10 s or 60 s with SageMaker. */
  readonly lookMs: number;
  /** In service at the start, 0 or more. @default scaling.copiesMin */
  readonly copies?: number;
  /** @default 0 */
  readonly startMs?: number;
}

/**
 * A SageMaker endpoint: copies that follow its load by target tracking of concurrent requests per copy, each of which has
 * a line of its own. Without any copy calls fail, and the first such call wakes it.
 *
 * A look sees the mean load since the last one. It is paid for what serves, what is on its way, and what still ends its
 * requests after it is no longer wanted.
 */
export class DedicatedEndpoint implements ServingBackend {
  readonly #scaling: CopyScaling;
  readonly #lookMs: number;
  readonly #startMs: number;
  readonly #set: CopySet;
  #count: CopyCount;
  #nextLookMs = Number.POSITIVE_INFINITY;
  #looked = { atMs: 0, requestMs: 0 };
  /** Copies that still end what they have, and the time that those that are gone took for it. */
  #draining = 0;
  #drainedMs = 0;

  constructor({ scaling, lookMs, startMs = 0, copies = scaling.copiesMin, ...kind }: DedicatedOptions) {
    this.#scaling = scaling;
    this.#lookMs = lookMs;
    this.#startMs = startMs;
    this.#set = new CopySet(kind);
    this.#count = startedWith(copies, startMs);
    this.#matchCopies(startMs);
    this.#planLook(startMs);
  }

  get inFlight(): number {
    return this.#set.inFlight;
  }

  /** Copies that take calls, and how many there will be when those on their way are there. */
  copies(atMs: number): { readonly current: number; readonly desired: number } {
    const { copies, ordered } = arrivedBy(this.#count, atMs);
    return { current: copies, desired: ordered?.copies ?? copies };
  }

  /** Copies × milliseconds that were paid until then. */
  paidCopyMs(atMs: number): number {
    let drainingMs = 0;
    for (const { drainingSinceMs } of this.#set.copies)
      if (drainingSinceMs !== undefined) drainingMs += atMs - drainingSinceMs;
    return arrivedBy(this.#count, atMs).paidMs + this.#drainedMs + drainingMs;
  }

  /** Of all copies together. */
  load(atMs: number): BatchLoad {
    const sum = { running: 0, waiting: 0, blocksHeld: 0 };
    for (const { engine } of this.#set.copies) {
      const { running, waiting, blocksHeld } = engine.load(atMs);
      sum.running += running;
      sum.waiting += waiting;
      sum.blocksHeld += blocksHeld;
    }
    return sum;
  }

  enter(atMs: number, request: BackendRequest): Refusal | undefined {
    const copy = this.#set.leastLoaded();
    if (copy === undefined) {
      this.#count = wokenBy(this.#scaling, this.#count, atMs);
      return 'no-capacity';
    }
    if (!copy.engine.fits(request)) return 'too-long';
    this.#set.enter(copy, atMs, request);
    this.#planLook(atMs);
    return undefined;
  }

  leave(id: number, atMs: number): boolean {
    const left = this.#set.leave(id, atMs);
    if (left) this.#dropDrained(atMs);
    return left;
  }

  writtenTokens(id: number, atMs: number): number {
    return this.#set.writtenTokens(id, atMs);
  }

  nextAtMs(): number {
    return Math.min(this.#set.nextAtMs(), this.#nextTimerMs());
  }

  advance(atMs: number, events: BatchEvents): void {
    for (;;) {
      const timerMs = this.#nextTimerMs();
      const untilMs = Math.min(timerMs, atMs);
      this.#set.advance(untilMs, events);
      this.#dropDrained(untilMs);
      if (timerMs > atMs) return;
      this.#count = arrivedBy(this.#count, timerMs);
      this.#matchCopies(timerMs);
      if (timerMs >= this.#nextLookMs) this.#look(timerMs);
    }
  }

  /**
   * So many copies are gone at once, the youngest first; as many come in their place in the time of a scale-out. Answers
   * the requests that they had.
   */
  loseCopies(atMs: number, copies: number): readonly number[] {
    const now = arrivedBy(this.#count, atMs);
    const kept = Math.max(0, now.copies - copies);
    const replaced = { copies: now.copies, readyAtMs: atMs + this.#scaling.scaleOutMs };
    this.#count = { ...now, copies: kept, ordered: now.ordered ?? replaced };
    const lost: number[] = [];
    for (const copy of this.#set.copies
      .filter(({ drainingSinceMs }) => drainingSinceMs === undefined)
      .slice(kept))
      lost.push(...this.#set.remove(copy, atMs));
    return lost;
  }

  #nextTimerMs(): number {
    return Math.min(this.#nextLookMs, this.#count.ordered?.readyAtMs ?? Number.POSITIVE_INFINITY);
  }

  #look(atMs: number): void {
    const requestMs = this.#set.requestMs(atMs);
    const inFlight = (requestMs - this.#looked.requestMs) / Math.max(1, atMs - this.#looked.atMs);
    this.#looked = { atMs, requestMs };
    this.#count = lookedAt(this.#scaling, this.#count, { atMs, inFlight });
    this.#matchCopies(atMs);
    this.#nextLookMs = Number.POSITIVE_INFINITY;
    if (inFlight > 0 || this.#set.inFlight > 0 || this.#isAboveMin()) this.#planLook(atMs);
  }

  /** Nobody looks while there is nothing that a look could change: most endpoints of a day are idle most of it. */
  #planLook(atMs: number): void {
    const { copiesMin, copiesMax } = this.#scaling;
    if (this.#nextLookMs < Number.POSITIVE_INFINITY || copiesMin === copiesMax) return;
    if (this.#set.inFlight === 0 && !this.#isAboveMin()) return;
    const looks = Math.floor((atMs - this.#startMs) / this.#lookMs);
    this.#nextLookMs = this.#startMs + (looks + 1) * this.#lookMs;
    this.#looked = { atMs: this.#nextLookMs - this.#lookMs, requestMs: this.#set.requestMs(atMs) };
  }

  #isAboveMin(): boolean {
    return this.#count.copies > this.#scaling.copiesMin;
  }

  /** As many copies take calls as there are to be. The least busy ones stop doing so. */
  #matchCopies(atMs: number): void {
    let taking = 0;
    for (const { drainingSinceMs } of this.#set.copies) if (drainingSinceMs === undefined) taking += 1;
    for (; taking < this.#count.copies; taking += 1) this.#set.add();
    for (; taking > this.#count.copies; taking -= 1) {
      const least = this.#set.leastLoaded();
      if (least === undefined) break;
      least.drainingSinceMs = atMs;
      this.#draining += 1;
    }
    this.#dropDrained(atMs);
    this.#planLook(atMs);
  }

  #dropDrained(atMs: number): void {
    if (this.#draining === 0) return;
    const ended = this.#set.copies.filter(
      ({ drainingSinceMs, engine }) => drainingSinceMs !== undefined && engine.size === 0,
    );
    for (const copy of ended) {
      this.#drainedMs += atMs - (copy.drainingSinceMs ?? atMs);
      this.#set.remove(copy, atMs);
      this.#draining -= 1;
    }
  }
}
