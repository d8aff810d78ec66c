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
  const over = new AbortController();
  let waitingSinceMs: number | undefined;
  let sleeping = false;
  let failed: { readonly error: unknown } | undefined;
  let interrupt: ((error: unknown) => void) | undefined;

  const keepAwake = async (): Promise<void> => {
    sleeping = true;
    while (waitingSinceMs !== undefined && !over.signal.aborted) {
      const leftMs = waitingSinceMs + milliseconds - clock.monotonicMs();
      if (leftMs > 0) {
        await clock.sleep(leftMs, over.signal).catch(() => undefined);
        continue;
      }
      waitingSinceMs = clock.monotonicMs();
      onLate();
    }
    sleeping = false;
  };

  return {
    watch: async (work) => {
      if (failed !== undefined) {
        work.catch(() => undefined);
        throw failed.error;
      }
      waitingSinceMs = clock.monotonicMs();
      if (!sleeping) void keepAwake();
      try {
        return await new Promise((resolve, reject) => {
          interrupt = reject;
          work.then(resolve, reject);
        });
      } finally {
        waitingSinceMs = undefined;
        interrupt = undefined;
      }
    },
    fail: (error) => {
      failed ??= { error };
      interrupt?.(failed.error);
    },
    stop: () => over.abort(),
  };
}
