/** The machine's own clock. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#usecases/ports/clock.ts';
import { callAfter } from './coarse-timer.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    try {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an AbortError of its own; callers are promised the signal's reason.
      if (signal?.aborted === true) throw signal.reason;
      throw error;
    }
  },
  after: callAfter,
};
