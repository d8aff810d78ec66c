import type { Clock } from '#usecases/ports/clock.ts';
import { type Action, EventQueue } from './event-queue.ts';

/** A planned event's handle. */
export type Cancel = () => void;

/** No world has more to do at one moment; one that has goes round in a circle. */
const EVENTS_AT_ONE_MOMENT_MAX = 1_000_000;

/**
 * Time that moves only when nothing is left to do: from one planned event to the next, however far apart they are. All of
 * a world's clocks are views of one of these.
 *
 * Between two events every promise that could move has moved. Real timers tell when that is so (`setImmediate` comes after
 * all of them) and nothing else: no wall clock is read, and two runs of one plan go the same way, promise by promise.
 */
export class VirtualTime {
  readonly #queue = new EventQueue();
  readonly #startMs: number;
  #nowMs: number;
  #happened = 0;
  #atThisMoment = 0;

  /** @param startMs epoch milliseconds at which the world begins */
  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#nowMs = startMs;
  }

  /** Epoch milliseconds of the true time. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Milliseconds since the world began. */
  get elapsedMs(): number {
    return this.#nowMs - this.#startMs;
  }

  /** Events that have happened so far. */
  get happened(): number {
    return this.#happened;
  }

  /** Events that are still to happen. */
  get planned(): number {
    return this.#queue.size;
  }

  /** Calls `action` at that time; at once, in its turn, where it has passed. */
  at(dueMs: number, action: Action): Cancel {
    const event = this.#queue.plan(Math.max(dueMs, this.#nowMs), action);
    return () => this.#queue.cancel(event);
  }

  after(milliseconds: number, action: Action): Cancel {
    return this.at(this.#nowMs + milliseconds, action);
  }

  /**
   * A process's clock.
   *
   * @param skewMs how far it is ahead of the true time; its monotonic time is the world's own
   */
  clock(skewMs = 0): Clock {
    return {
      now: () => Math.floor(this.#nowMs + skewMs),
      monotonicMs: () => this.elapsedMs,
      after: (milliseconds, action) => this.after(milliseconds, action),
      sleep: (milliseconds, signal) => this.#sleep(milliseconds, signal),
    };
  }

  /**
   * Lets all happen that is planned until then, and what that brings about. Rejects with what an action throws.
   *
   * @param untilMs epoch milliseconds at which it stops, later events left planned. @default - when nothing is planned
   */
  run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (this.#next(untilMs)) setImmediate(step);
          else {
            if (untilMs !== Number.POSITIVE_INFINITY) this.#nowMs = Math.max(this.#nowMs, untilMs);
            resolve();
          }
        } catch (error) {
          reject(error);
        }
      };
      setImmediate(step);
    });
  }

  /** Up to the first event that moves promises. False where none is left until then. */
  #next(untilMs: number): boolean {
    for (;;) {
      const dueMs = this.#queue.nextMs();
      if (dueMs === undefined || dueMs > untilMs) return false;
      const action = this.#queue.take();
      this.#count(dueMs);
      if (action?.() !== false) return true;
    }
  }

  #count(dueMs: number): void {
    this.#happened += 1;
    this.#atThisMoment = dueMs > this.#nowMs ? 1 : this.#atThisMoment + 1;
    if (this.#atThisMoment > EVENTS_AT_ONE_MOMENT_MAX)
      throw new Error(`more than ${EVENTS_AT_ONE_MOMENT_MAX} events at one moment: time stands still`);
    this.#nowMs = Math.max(this.#nowMs, dueMs);
  }

  #sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}
