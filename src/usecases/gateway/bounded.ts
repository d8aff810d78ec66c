import type { Clock } from '../ports/clock.ts';

/** Made once: an abort without a reason makes an error with a stack each time. */
const OVER = new Error('nobody waits any more');

/** Rejects when `work` takes longer than `milliseconds`; a hang is a failure. The work itself goes on unheard. */
export async function bounded<Value>(
  clock: Clock,
  milliseconds: number,
  work: Promise<Value>,
): Promise<Value> {
  const done = new AbortController();
  const late = clock.sleep(milliseconds, done.signal).then(() => {
    throw new Error(`no answer within ${milliseconds} ms`);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort(OVER);
  }
}
