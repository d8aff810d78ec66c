/** Time that a test moves: sleepers wake in order, and nothing waits for real. */
import type { Clock } from '#usecases/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Moves time on; whoever sleeps until then wakes on the way. */
  advance(milliseconds: number): void;
}

/**
 * With `leap` (the default) a sleeper moves time on by itself as soon as nothing else is left to do, so that retries
 * and deadlines end at once.
 */
export function createVirtualClock(start: number, options: { readonly leap?: boolean } = {}): VirtualClock {
  const { leap = true } = options;
  let now = start;
  let order = 0;
  const sleepers = new Map<number, { readonly until: number; readonly wake: () => void }>();
  let leaping = false;
  const wakeUntil = (until: number): void => {
    for (;;) {
      const next = [...sleepers].sort(([, left], [, right]) => left.until - right.until)[0];
      if (next === undefined || next[1].until > until) break;
      sleepers.delete(next[0]);
      now = Math.max(now, next[1].until);
      next[1].wake();
    }
    now = Math.max(now, until);
  };
  const leapSoon = (): void => {
    if (!leap || leaping) return;
    leaping = true;
    setImmediate(() => {
      leaping = false;
      const next = [...sleepers.values()].sort((left, right) => left.until - right.until)[0];
      if (next === undefined) return;
      wakeUntil(next.until);
      if (sleepers.size > 0) leapSoon();
    });
  };
  return {
    now: () => now,
    monotonicMs: () => now,
    advance: (milliseconds) => wakeUntil(now + milliseconds),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const id = order++;
        const stop = (): void => {
          sleepers.delete(id);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', stop, { once: true });
        sleepers.set(id, {
          until: now + milliseconds,
          wake: () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          },
        });
        leapSoon();
      }),
    after: (milliseconds, action) => {
      const id = order++;
      sleepers.set(id, { until: now + milliseconds, wake: action });
      leapSoon();
      return () => void sleepers.delete(id);
    },
  };
}
