/** Time that moves only when a driven piece of work has nothing else left to do. */
import type { Clock } from '#usecases/ports/clock.ts';

export interface DrivenClock extends Clock {
  /** Moves time on to the next sleeper whenever `work` stands still, until it ends. */
  drive<Value>(work: Promise<Value>): Promise<Value>;
  /** Nobody is at work: time simply goes by, and whoever sleeps until then wakes. */
  pass(milliseconds: number): void;
}

/** No request may take so long, whatever happens to it. */
const DRIVE_MS_MAX = 3_600_000;

/** Real milliseconds that what is not time (a module, another thread) may take where nobody sleeps. */
const OUTSIDE_MS_MAX = 10_000;

/** Turns of the event loop after which work that has not moved is waiting for time. */
const IDLE_TURNS = 3;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createDrivenClock(start: number): DrivenClock {
  let now = start;
  let order = 0;
  const sleepers = new Map<number, { readonly until: number; readonly wake: () => void }>();
  const wakeNext = (until: number): boolean => {
    let next: [number, { readonly until: number; readonly wake: () => void }] | undefined;
    for (const entry of sleepers) if (next === undefined || entry[1].until < next[1].until) next = entry;
    if (next === undefined || next[1].until > until) return false;
    sleepers.delete(next[0]);
    now = Math.max(now, next[1].until);
    next[1].wake();
    return true;
  };
  return {
    now: () => now,
    monotonicMs: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        order += 1;
        const id = order;
        const stop = (): void => {
          sleepers.delete(id);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', stop, { once: true });
        const wake = (): void => {
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        sleepers.set(id, { until: now + milliseconds, wake });
      }),
    after: (milliseconds, action) => {
      order += 1;
      const id = order;
      sleepers.set(id, { until: now + milliseconds, wake: action });
      return () => void sleepers.delete(id);
    },
    drive: async (work) => {
      let ended = false;
      const end = (): void => {
        ended = true;
      };
      work.then(end, end);
      const until = now + DRIVE_MS_MAX;
      let movedAt = performance.now();
      for (;;) {
        for (let turns = 0; turns < IDLE_TURNS && !ended; turns += 1) await turn();
        if (ended) return work;
        if (wakeNext(until)) movedAt = performance.now();
        else if (performance.now() - movedAt > OUTSIDE_MS_MAX)
          throw new Error('the work waits for something that time does not bring');
      }
    },
    pass: (milliseconds) => {
      const until = now + milliseconds;
      while (wakeNext(until));
      now = until;
    },
  };
}
