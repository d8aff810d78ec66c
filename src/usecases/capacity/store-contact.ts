/**
 * usecases/capacity: the slots of targets as one process takes them from pages that it shares with others.
 *
 * Invariant: what is lent here is on a page, or within what the process may safely have while no page can be read. The
 * folder owns what this process holds, and what it still owes the store.
 */
import { CLOCK_SKEW_MS_MAX, LEASE_MS } from '#core/capacity/lease.ts';
import type { Clock } from '../ports/clock.ts';

/** While the store is away one call at a time asks whether it is back, this long after the last that failed. */
const PROBE_EVERY_MS = 500;
/** Whoever did not ask for longer cannot say that the store was away all the time. */
const PAUSE_MS_MAX = 5_000;
/** After so long without the store no lease of anybody is left in it. */
const LAPSED_MS = LEASE_MS + CLOCK_SKEW_MS_MAX;

/** `none`: the store is away, and somebody else finds out whether it is back. */
export type Permit = 'call' | 'probe' | 'none';

interface Away {
  /** Monotonic times of the first call that failed and of the last. */
  sinceMs: number;
  lastMs: number;
  probing: boolean;
}

/** Whether the store answers this process, and since when it does not. */
export class StoreContact {
  readonly #clock: Clock;
  #away: Away | undefined;
  #reachedEver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get reachedEver(): boolean {
    return this.#reachedEver;
  }

  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /** What a call may be made as; `probe` is one at a time, and is to be ended. */
  begin(): Permit {
    const away = this.#away;
    if (away === undefined) return 'call';
    if (away.probing || this.#clock.monotonicMs() < away.lastMs + PROBE_EVERY_MS) return 'none';
    away.probing = true;
    return 'probe';
  }

  /** After the calls that were made with a permit, whatever came of them. */
  end(permit: Permit): void {
    if (permit === 'probe' && this.#away !== undefined) this.#away.probing = false;
  }

  reached(): void {
    this.#reachedEver = true;
    this.#away = undefined;
  }

  /** It answered, but decided nothing: others may have been luckier. */
  throttled(): void {
    if (this.#away === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    this.#away = { ...this.#away, sinceMs: nowMs, lastMs: nowMs };
  }

  lost(): void {
    const nowMs = this.#clock.monotonicMs();
    const away = this.#away;
    if (away === undefined || nowMs - away.lastMs > PAUSE_MS_MAX) {
      this.#away = { sinceMs: nowMs, lastMs: nowMs, probing: away?.probing ?? false };
    } else {
      away.lastMs = nowMs;
    }
  }

  /** So long, and asked for so steadily, that every lease in the store has lapsed, if the store is away for all. */
  get isAwayForLong(): boolean {
    const away = this.#away;
    if (away === undefined) return false;
    return away.lastMs - away.sinceMs >= LAPSED_MS && this.#clock.monotonicMs() - away.lastMs <= PAUSE_MS_MAX;
  }
}
