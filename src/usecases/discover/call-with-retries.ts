import { houseError } from '#core/errors/catalogue.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface CallContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly bucket: TokenBucket;
  /** Ends the run: no call outlives it. */
  readonly signal: AbortSignal;
  /** One call may take so long. */
  readonly callMsMax: number;
}

const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 4_000;

/**
 * Calls until an answer comes, an error that no repetition can heal, or the run's end. Full jitter between attempts.
 *
 * @throws the last error of the call, or the signal's reason when not even one attempt ended
 */
export async function callWithRetries<T>(
  context: CallContext,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { bucket, signal } = context;
  let lastError: unknown;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await bucket.take(signal);
      return await callWithDeadline(context, call);
    } catch (error) {
      lastError = signal.aborted ? (lastError ?? error) : error;
      if (signal.aborted || !isHouseError(error) || !error.retryable) throw lastError;
      if (error.code === 'throttled') bucket.drain();
      await pause(context, attempt, lastError);
    }
  }
}

/** Full jitter: anywhere between nothing and the doubled step. */
async function pause(context: CallContext, attempt: number, lastError: unknown): Promise<void> {
  const stepMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** attempt);
  try {
    await context.clock.sleep(stepMs * context.random.next(), context.signal);
  } catch {
    throw lastError;
  }
}

/** One attempt. A call that outlives its deadline is aborted and counts as timed out; a hang is a failure. */
export async function callWithDeadline<T>(
  context: Pick<CallContext, 'clock' | 'signal' | 'callMsMax'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, signal, callMsMax } = context;
  signal.throwIfAborted();
  const controller = new AbortController();
  const ended = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const deadline = clock.sleep(callMsMax, ended.signal).then(
    () => {
      const late = houseError('timed_out', { message: `no answer within ${callMsMax} ms` });
      controller.abort(late);
      throw late;
    },
    () => new Promise<never>(() => undefined),
  );
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([call(controller.signal), deadline, stopped]);
  } finally {
    ended.abort(new Error('the call has ended'));
    signal.removeEventListener('abort', stop);
  }
}
