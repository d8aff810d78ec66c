import type { Clock } from '../ports/clock.ts';

/**
 * Waits for one piece of work after another and says when a wait is too long. A stream waits for thousands of events:
 * one sleeper serves them all, and no promise that outlives a wait collects listeners.
 */
export interface Watchdog {
  /** One wait at a time. Settles as `work` does, unless `fail` came first. */
  watch<Value>(work: Promise<Value>): Promise<Value>;
  /** The same, settling as the reading does of how `work` or `fail` ended the wait: it costs no promise of its own. */
  watch<Value, Read>(work: Promise<Value>, reading: Reading<Value, Read>): Promise<Read>;
  /** A wait that ends with `rest` and not by `fail`: it costs no promise. */
  wait(): void;
  rest(): void;
  /** Ends the wait under way, and every later one, with this error. */
  fail(error: unknown): void;
  /** Puts the sleeper away. */
  stop(): void;
}

/** What is made of the end of a wait. */
export interface Reading<Value, Read> {
  onValue(value: Value): Read;
  onError(error: unknown): Read;
}

export interface WatchdogOptions {
  readonly clock: Clock;
  /** The longest wait; after it `onLate` is called, and again for each further such time. */
  readonly milliseconds: number;
  readonly onLate: () => void;
}

export function createWatchdog(options: WatchdogOptions): Watchdog {
  return new SleepingWatchdog(options);
}

const asItIs: Reading<unknown, unknown> = {
  onValue: (value) => value,
  onError: (error) => {
    throw error;
  },
};

class SleepingWatchdog implements Watchdog {
  readonly #options: WatchdogOptions;
  #sinceMs = 0;
  #waits = false;
  #waiting: PromiseWithResolvers<unknown> | undefined;
  #reading: Reading<unknown, unknown> = asItIs;
  #cancelSleep: (() => void) | undefined;
  #failed: { readonly error: unknown } | undefined;
  #stopped = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  watch<Value>(work: Promise<unknown>, reading: Reading<never, unknown> = asItIs): Promise<Value> {
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting = waiting;
    this.#reading = reading as Reading<unknown, unknown>;
    if (this.#failed !== undefined) {
      work.catch(() => undefined);
      this.#onError(this.#failed.error);
      return waiting.promise as Promise<Value>;
    }
    this.wait();
    // The same two for every wait: what an interrupted one says later finds nobody who waits.
    work.then(this.#onValue, this.#onError);
    return waiting.promise as Promise<Value>;
  }

  wait(): void {
    this.#waits = true;
    this.#sinceMs = this.#options.clock.monotonicMs();
    if (this.#cancelSleep === undefined && !this.#stopped) this.#sleep(this.#options.milliseconds);
  }

  rest(): void {
    this.#waits = false;
  }

  fail(error: unknown): void {
    this.#failed ??= { error };
    this.#onError(this.#failed.error);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelSleep?.();
    this.#cancelSleep = undefined;
  }

  readonly #onValue = (value: unknown): void => {
    const waiting = this.#endWait();
    if (waiting === undefined) return;
    try {
      waiting.resolve(this.#reading.onValue(value));
    } catch (error) {
      waiting.reject(error);
    }
  };

  readonly #onError = (error: unknown): void => {
    const waiting = this.#endWait();
    if (waiting === undefined) return;
    try {
      waiting.resolve(this.#reading.onError(error));
    } catch (read) {
      waiting.reject(read);
    }
  };

  #endWait(): PromiseWithResolvers<unknown> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#waits = false;
    return waiting;
  }

  #sleep(forMs: number): void {
    this.#cancelSleep = this.#options.clock.after(forMs, this.#wake);
  }

  readonly #wake = (): void => {
    this.#cancelSleep = undefined;
    if (!this.#waits || this.#stopped) return;
    const { clock, milliseconds, onLate } = this.#options;
    const leftMs = this.#sinceMs + milliseconds - clock.monotonicMs();
    if (leftMs <= 0) {
      this.#sinceMs = clock.monotonicMs();
      onLate();
    }
    if (!this.#stopped) this.#sleep(leftMs > 0 ? leftMs : milliseconds);
  };
}
