import type { Clock } from '../ports/clock.ts';

/** For so long one piece of work may have the process to itself: whoever calls a model waits behind it. */
const SLICE_MS_MAX = 8;

/**
 * For long work that nobody's prompt waits for: asked between two pieces of it, it lets others in where that is due.
 *
 * @returns what is to be awaited; undefined to go on at once
 */
export function createPauses(clock: Pick<Clock, 'monotonicMs' | 'sleep'>): () => Promise<void> | undefined {
  let beganMs = clock.monotonicMs();
  return () => {
    if (clock.monotonicMs() - beganMs < SLICE_MS_MAX) return undefined;
    return clock.sleep(0).then(() => {
      beganMs = clock.monotonicMs();
    });
  };
}
