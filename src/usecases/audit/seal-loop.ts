import type { Clock } from '../ports/clock.ts';
import type { WorkMessage, WorkQueue } from '../ports/work-queue.ts';
import { type SealMessagesServices, sealMessages } from './seal-messages.ts';

export interface SealLoopOptions extends SealMessagesServices {
  readonly queue: WorkQueue;
  readonly queueName: string;
  readonly clock: Clock;
  /** Records that come within so long share a segment, in milliseconds. */
  readonly gatherMs: number;
  /** Ends it, after what it has in hand. */
  readonly stop: AbortSignal;
}

/** As long as SQS waits. */
const WAIT_SECONDS = 20;
const RECEIVE_MAX = 10;
const SEGMENT_RECORDS_MAX = 500;
const HIDDEN_SECONDS = 60;
const RETRY_MS = 500;

/**
 * Seals what comes to a queue until it is stopped: what a function does for each event, for processes that stand by
 * themselves. Never rejects.
 */
export async function runSealLoop(options: SealLoopOptions): Promise<void> {
  const { queue, queueName, clock, log, stop } = options;
  while (!stop.aborted) {
    try {
      const messages = await gather(options);
      const bodies = messages.map(({ body, handle }) => ({ id: handle, body }));
      const again = new Set(await sealMessages(options, bodies));
      await Promise.all(
        messages.map((message) =>
          again.has(message.handle)
            ? queue.hide(queueName, message, Math.min(HIDDEN_SECONDS, 2 ** message.receipts))
            : queue.remove(queueName, message),
        ),
      );
    } catch (error) {
      if (stop.aborted) return;
      const name = error instanceof Error ? error.name : 'unknown';
      log.write('warn', 'receive-failed', { queue: queueName, error: name });
      await clock.sleep(RETRY_MS, stop).catch(() => undefined);
    }
  }
}

/** The first ones as soon as they come, and those that come shortly after. */
async function gather(options: SealLoopOptions): Promise<readonly WorkMessage[]> {
  const { queue, queueName, clock, gatherMs, stop } = options;
  const receive = (waitSeconds: number): Promise<readonly WorkMessage[]> =>
    queue.receive(queueName, {
      ...{ messagesMax: RECEIVE_MAX, waitSeconds, hiddenSeconds: HIDDEN_SECONDS, signal: stop },
    });
  const messages = [...(await receive(WAIT_SECONDS))];
  if (messages.length === 0) return messages;
  await clock.sleep(gatherMs, stop).catch(() => undefined);
  while (!stop.aborted && messages.length < SEGMENT_RECORDS_MAX) {
    const more = await receive(0);
    if (more.length === 0) break;
    messages.push(...more);
  }
  return messages;
}
