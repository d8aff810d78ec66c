import type { BatchEvents, BatchLoad } from '#serving-model/batch-engine.ts';
import { type CopyKind, CopySet, type ServingCopy } from './copy-set.ts';
import type { BackendRequest, Refusal, ServingBackend } from './serving-backend.ts';

/** Times in milliseconds. */
export interface ColdPoolOptions extends CopyKind {
  readonly copiesMax: number;
  /** From the first call of a model that nobody has loaded, or the order of one more copy, until that copy serves. */
  readonly coldStartMs: number;
  /** A copy goes so long after its last request, or after it came for none. */
  readonly idleToColdMs: number;
  /** A copy is paid by windows of this length. */
  readonly windowMs: number;
  /** One more copy is ordered once more requests than that were in each copy, without a break, for so long. */
  readonly growAt: { readonly requestsPerCopy: number; readonly forMs: number };
}

interface WarmCopy {
  readonly copy: ServingCopy;
  paidUntilMs: number;
  usedAtMs: number;
}

/**
 * A model that was imported into Bedrock: from no copy to a few and back by themselves. While there is none, calls fail
 * and the first of them has a copy loaded. Each copy is paid in windows, from the first call that it serves; a window in
 * which it has no call is not opened.
 */
export class ColdPool implements ServingBackend {
  readonly #options: ColdPoolOptions;
  readonly #set: CopySet;
  readonly #warm: WarmCopy[] = [];
  /** When the copies that are loading will serve, the next one first. */
  readonly #readyAtMs: number[] = [];
  #crowdedSinceMs = Number.POSITIVE_INFINITY;
  #windows = 0;

  constructor(options: ColdPoolOptions) {
    this.#options = options;
    this.#set = new CopySet(options, (copy, atMs) => this.#ended(copy, atMs));
  }

  get inFlight(): number {
    return this.#set.inFlight;
  }

  /** Copies that serve, and how many there will be when those that load are there. */
  get copies(): { readonly current: number; readonly desired: number } {
    return { current: this.#warm.length, desired: this.#warm.length + this.#readyAtMs.length };
  }

  /** Windows that were paid until then, of all copies that there ever were. */
  paidWindows(atMs: number): number {
    let windows = this.#windows;
    for (const { copy, paidUntilMs } of this.#warm)
      if (copy.engine.size > 0) windows += this.#windowsUntil(atMs, paidUntilMs);
    return windows;
  }

  load(atMs: number): BatchLoad {
    const loads = this.#warm.map(({ copy }) => copy.engine.load(atMs));
    const sum = (of: keyof BatchLoad) => loads.reduce((total, load) => total + load[of], 0);
    return { running: sum('running'), waiting: sum('waiting'), blocksHeld: sum('blocksHeld') };
  }

  /** Has a copy loaded if there is none and none is on its way, as a call would. */
  wake(atMs: number): void {
    if (this.copies.desired === 0 && this.#options.copiesMax > 0) this.#order(atMs);
  }

  enter(atMs: number, request: BackendRequest): Refusal | undefined {
    const least = this.#set.leastLoaded();
    const warm = this.#warm.find(({ copy }) => copy === least);
    if (warm === undefined) {
      this.wake(atMs);
      return 'not-ready';
    }
    if (!warm.copy.engine.fits(request)) return 'too-long';
    this.#set.enter(warm.copy, atMs, request);
    if (atMs >= warm.paidUntilMs) {
      this.#windows += 1;
      warm.paidUntilMs = atMs + this.#options.windowMs;
    }
    this.#watchCrowd(atMs);
    return undefined;
  }

  leave(id: number, atMs: number): boolean {
    return this.#set.leave(id, atMs);
  }

  writtenTokens(id: number, atMs: number): number {
    return this.#set.writtenTokens(id, atMs);
  }

  nextAtMs(): number {
    return Math.min(this.#set.nextAtMs(), this.#nextTimerMs());
  }

  advance(atMs: number, events: BatchEvents): void {
    for (;;) {
      // What ends may start the clock of idleness anew, and that of a crowd: one moment after the other.
      const nextMs = this.nextAtMs();
      if (nextMs > atMs) return;
      this.#set.advance(nextMs, events);
      this.#runTimers(nextMs);
    }
  }

  #runTimers(atMs: number): void {
    while ((this.#readyAtMs[0] ?? Number.POSITIVE_INFINITY) <= atMs) {
      this.#readyAtMs.shift();
      this.#warm.push({ copy: this.#set.add(), paidUntilMs: Number.NEGATIVE_INFINITY, usedAtMs: atMs });
      this.#watchCrowd(atMs);
    }
    if (this.#growsAtMs() <= atMs) {
      this.#order(atMs);
      this.#crowdedSinceMs = atMs;
    }
    const idle = this.#warm.filter((warm) => this.#coldAtMs(warm) <= atMs);
    for (const warm of idle) {
      this.#warm.splice(this.#warm.indexOf(warm), 1);
      this.#set.remove(warm.copy, atMs);
    }
  }

  #nextTimerMs(): number {
    let nextMs = Math.min(this.#readyAtMs[0] ?? Number.POSITIVE_INFINITY, this.#growsAtMs());
    for (const warm of this.#warm) nextMs = Math.min(nextMs, this.#coldAtMs(warm));
    return nextMs;
  }

  #coldAtMs({ copy, usedAtMs }: WarmCopy): number {
    return copy.engine.size > 0 ? Number.POSITIVE_INFINITY : usedAtMs + this.#options.idleToColdMs;
  }

  #growsAtMs(): number {
    const mayGrow = this.copies.desired < this.#options.copiesMax;
    return mayGrow ? this.#crowdedSinceMs + this.#options.growAt.forMs : Number.POSITIVE_INFINITY;
  }

  #order(atMs: number): void {
    this.#readyAtMs.push(atMs + this.#options.coldStartMs);
  }

  #watchCrowd(atMs: number): void {
    const isCrowded = this.#set.inFlight > this.#warm.length * this.#options.growAt.requestsPerCopy;
    if (!isCrowded) this.#crowdedSinceMs = Number.POSITIVE_INFINITY;
    else if (this.#crowdedSinceMs === Number.POSITIVE_INFINITY) this.#crowdedSinceMs = atMs;
  }

  #ended(copy: ServingCopy, atMs: number): void {
    const warm = this.#warm.find((each) => each.copy === copy);
    if (warm === undefined) return;
    const windows = this.#windowsUntil(atMs, warm.paidUntilMs);
    this.#windows += windows;
    warm.paidUntilMs += windows * this.#options.windowMs;
    warm.usedAtMs = atMs;
    this.#watchCrowd(atMs);
  }

  /** Windows that a busy copy has needed since the end of the last one that was paid. */
  #windowsUntil(atMs: number, paidUntilMs: number): number {
    return Math.max(0, Math.ceil((atMs - paidUntilMs) / this.#options.windowMs));
  }
}
