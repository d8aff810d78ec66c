/**
 * Paces the calls to one account and region: AWS publishes no limit for these APIs, so we set one ourselves.
 *
 * Holds its state: one bucket per account and region. A throttle empties it, so that the calls behind wait too.
 */
import type { Clock } from '../ports/clock.ts';

export interface TokenBucket {
  /** Resolves when a call may be made; rejects with the signal's reason when it aborts first. */
  take(signal: AbortSignal): Promise<void>;
  /** The service refused a call for its rate: the next one waits a whole interval. */
  drain(): void;
}

export function createTokenBucket(options: {
  readonly clock: Clock;
  /** Calls a second, above 0; the bucket holds one second's worth, at least one call. */
  readonly ratePerSecond: number;
}): TokenBucket {
  const { clock, ratePerSecond } = options;
  const burst = Math.max(1, ratePerSecond);
  let tokens = burst;
  let filledAt = clock.monotonicMs();
  return {
    async take(signal) {
      signal.throwIfAborted();
      const now = clock.monotonicMs();
      tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * ratePerSecond);
      filledAt = now;
      tokens -= 1;
      // A debt is a place in the queue: each caller waits for its own token, in order of arrival.
      if (tokens < 0) await clock.sleep((-tokens / ratePerSecond) * 1000, signal);
    },
    drain() {
      tokens = Math.min(tokens, 0);
    },
  };
}
