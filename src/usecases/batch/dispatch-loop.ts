import type { DispatchServices } from './batch-services.ts';
import { dispatch } from './dispatch.ts';

export interface DispatchLoopOptions {
  readonly queue: string;
  /** Messages under way at a time, 1 or more. */
  readonly messagesMax: number;
  /** How long a message that was received is hidden from others; renewed while somebody works on it. */
  readonly hiddenSeconds: number;
  /** Ends it. */
  readonly stop: AbortSignal;
}

/** As long as SQS waits. */
const WAIT_SECONDS = 20;
const RECEIVE_MAX = 10;
const RETRY_MS_MAX = 5_000;
const RETRY_MS = 500;

/**
 * Does what the messages of one queue ask for, until it is stopped; where it was given something to do, that ends first.
 * What a function does for each event, for processes that stand by themselves. Never rejects.
 */
export async function runDispatchLoop(
  services: DispatchServices,
  options: DispatchLoopOptions,
): Promise<void> {
  const { queue, messagesMax, hiddenSeconds, stop } = options;
  const running = new Set<Promise<unknown>>();
  let failures = 0;
  while (!stop.aborted) {
    const free = messagesMax - running.size;
    if (free <= 0) {
      await Promise.race(running);
      continue;
    }
    try {
      const receiving = {
        messagesMax: Math.min(free, RECEIVE_MAX),
        waitSeconds: WAIT_SECONDS,
        hiddenSeconds,
      };
      const messages = await services.queue.receive(queue, { ...receiving, signal: stop });
      failures = 0;
      for (const message of messages) {
        const work = dispatch(services, message, {
          queue,
          hiddenSeconds,
          signal: stop,
          mustEnd: () => stop.aborted,
        }).finally(() => running.delete(work));
        running.add(work);
      }
    } catch (error) {
      if (stop.aborted) break;
      failures += 1;
      const name = error instanceof Error ? error.name : 'unknown';
      services.log.write('warn', 'receive-failed', { queue, error: name });
      // A queue that cannot be reached is asked again, ever more rarely.
      await services.clock.sleep(Math.min(RETRY_MS_MAX, RETRY_MS * failures), stop).catch(() => undefined);
    }
  }
  await Promise.all(running);
}
