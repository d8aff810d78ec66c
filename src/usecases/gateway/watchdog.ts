import type { Clock } from '../ports/clock.ts';

/**
 * Waits for one piece of work after another and says when a wait is too long. A stream waits for thousands of events:
 * one sleeper serves them all, and no promise that outlives a wait collects listeners.
 */
export interface Watchdog {
  /** One wait at a time. Settles as `work` does, unless `fail` came first. */
  watch<Value>(work: Promise<Value>): Promise<Value>;
  /** Ends the wait under way, and every later one, with this error. */
  fail(error: unknown): void;
  /** Puts the sleeper away. */
  stop(): void;
}

export function createWatchdog(options: {
  readonly clock: Clock;
  /** The longest wait; after it `onLate` is called, and again for each further such time. */
  readonly milliseconds: number;
  readonly onLate: () => void;
}): Watchdog {
  const { clock, milliseconds, onLate } = options;
  let waitingSinceMs: number | undefined;
  let asleep: (() => void) | undefined;
  let failed: { readonly error: unknown } | undefined;
  let interrupt: ((error: unknown) => void) | undefined;
  let stopped = false;

  const sleep = (forMs: number): void => {
    asleep = clock.after(forMs, wake);
  };
  const wake = (): void => {
    asleep = undefined;
    if (waitingSinceMs === undefined || stopped) return;
    const leftMs = waitingSinceMs + milliseconds - clock.monotonicMs();
    if (leftMs <= 0) {
      waitingSinceMs = clock.monotonicMs();
      onLate();
    }
    if (!stopped) sleep(leftMs > 0 ? leftMs : milliseconds);
  };
  const settled = (): void => {
    waitingSinceMs = undefined;
    interrupt = undefined;
  };

  return {
    watch: (work) => {
      if (failed !== undefined) {
        work.catch(() => undefined);
        return Promise.reject(failed.error);
      }
      waitingSinceMs = clock.monotonicMs();
      if (asleep === undefined && !stopped) sleep(milliseconds);
      return new Promise((resolve, reject) => {
        interrupt = (error) => {
          settled();
          reject(error);
        };
        work.then(
          (value) => {
            settled();
            resolve(value);
          },
          (error: unknown) => {
            settled();
            reject(error);
          },
        );
      });
    },
    fail: (error) => {
      failed ??= { error };
      interrupt?.(failed.error);
    },
    stop: () => {
      stopped = true;
      asleep?.();
      asleep = undefined;
    },
  };
}
