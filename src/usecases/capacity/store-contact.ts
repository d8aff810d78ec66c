/**
 * usecases/capacity: the slots of targets as one process takes them from a store that it shares with others.
 *
 * Invariant: what is lent here is held in the store, or within what the process may have while it cannot read it. The
 * folder owns what this process holds, and what it still owes the store.
 */
import { LEASE_RENEWED_AGAIN_MS } from '#core/capacity/lease.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ClockCheck } from './clock-check.ts';

/** How long one call is waited for: far below what a request may wait. */
const CALL_MS_MAX = 100;
/** Until the store has answered for the first time: the connection may have to be made. */
const FIRST_CALL_MS_MAX = 250;
/** While the store is away one call at a time asks whether it is back, this long after the last that failed. */
const PROBE_EVERY_MS = 500;

/** `none`: the store is away, and somebody else finds out whether it is back. */
export type Permit = 'call' | 'probe' | 'none';

/** `lost`: carried out, or not, or not yet. `throttled`: not carried out. */
export type Failed = 'lost' | 'throttled';

export interface StoreContactOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** What the store's answers say of this process's clock. @default - nothing: it is believed */
  readonly clockCheck?: ClockCheck | undefined;
}

interface Away {
  /** Monotonic time of the last call that failed. */
  lastMs: number;
  probing: boolean;
}

/**
 * The calls of one process to its store, and whether it answers them. Who cannot tell the time hears nothing that rests on
 * it: to such a process the store is away.
 */
export class StoreContact {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #clockCheck: ClockCheck | undefined;
  readonly #planned = new Set<string>();
  #away: Away | undefined;
  #reachedEver = false;

  constructor({ clock, log, clockCheck }: StoreContactOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#clockCheck = clockCheck;
  }

  get reachedEver(): boolean {
    return this.#reachedEver;
  }

  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /** So that nothing that this process held is certainly its own. */
  get isClockWrong(): boolean {
    return this.#clockCheck?.isWrong === true;
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

  /**
   * One call, heard within a moment or not at all. Never rejects.
   *
   * @param isTimeless it is carried out alike whatever the time is
   */
  async call<Value>(run: () => Promise<Value>, isTimeless = false): Promise<Value | Failed> {
    const forMs = this.#reachedEver ? CALL_MS_MAX : FIRST_CALL_MS_MAX;
    try {
      const value = await heardWithin(this.#clock, forMs, run());
      if (this.isClockWrong) this.#lostByClock();
      else this.#reached();
      return this.isClockWrong && !isTimeless ? 'lost' : value;
    } catch (error) {
      const why = isHouseError(error) ? error.code : 'timed_out';
      if (why === 'throttled') return 'throttled';
      this.#lost(why);
      return 'lost';
    }
  }

  /** For what the store did not hear of: runs in a while, once for each name. */
  later(name: string, run: () => void): void {
    if (this.#planned.has(name)) return;
    this.#planned.add(name);
    this.#clock.after(LEASE_RENEWED_AGAIN_MS, () => {
      this.#planned.delete(name);
      run();
    });
  }

  #reached(): void {
    if (this.#away !== undefined) this.#log.write('info', 'capacity-restored');
    this.#reachedEver = true;
    this.#away = undefined;
  }

  #lost(why: string): void {
    if (this.#away === undefined) this.#log.write('warn', 'capacity-degraded', { error: why });
    this.#goneAway();
  }

  #lostByClock(): void {
    const clockAheadMs = this.#clockCheck?.wrongByMs;
    if (this.#away === undefined) this.#log.write('error', 'capacity-clock-wrong', { clockAheadMs });
    this.#goneAway();
  }

  #goneAway(): void {
    this.#away = { lastMs: this.#clock.monotonicMs(), probing: this.#away?.probing ?? false };
  }
}

/** Late answers go unheard. By a timer: a sleep that is called off makes an error each time, and this runs for each call. */
function heardWithin<Value>(clock: Clock, milliseconds: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(new Error(`no answer within ${milliseconds} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
