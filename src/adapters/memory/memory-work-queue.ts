/** Queues in memory, with SQS's promises and no more: for tests, and for a simulated region. */
import { houseError } from '#core/errors/catalogue.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { WorkMessage, WorkQueue } from '#usecases/ports/work-queue.ts';

interface Kept {
  readonly body: string;
  handle: string;
  receipts: number;
  visibleAt: number;
}

const POLL_MS = 100;

export function createMemoryWorkQueue(clock: Clock): WorkQueue {
  const queues = new Map<string, Kept[]>();
  let handles = 0;
  const messagesOf = (queue: string): Kept[] => {
    const known = queues.get(queue) ?? [];
    queues.set(queue, known);
    return known;
  };
  /** A handle is good until the message is received again. */
  const find = (queue: string, { handle }: WorkMessage): Kept => {
    const found = messagesOf(queue).find((each) => each.handle === handle);
    if (found !== undefined) return found;
    throw houseError('upstream_rejected', {
      message: 'the handle is no more',
      facts: { operation: 'memory' },
    });
  };
  const takeVisible = (queue: string, hiddenSeconds: number): WorkMessage | undefined => {
    const now = clock.now();
    const found = messagesOf(queue).find(({ visibleAt }) => visibleAt <= now);
    if (found === undefined) return undefined;
    handles += 1;
    found.handle = `handle-${handles}`;
    found.receipts += 1;
    found.visibleAt = now + hiddenSeconds * 1000;
    return { body: found.body, handle: found.handle, receipts: found.receipts };
  };
  return {
    async send(queue, bodies, { delaySeconds = 0 } = {}) {
      const visibleAt = clock.now() + delaySeconds * 1000;
      messagesOf(queue).push(...bodies.map((body) => ({ body, handle: '', receipts: 0, visibleAt })));
    },
    async receive(queue, { messagesMax, waitSeconds, hiddenSeconds, signal }) {
      const end = clock.now() + waitSeconds * 1000;
      for (;;) {
        const taken = Array.from({ length: messagesMax }, () => takeVisible(queue, hiddenSeconds));
        const messages = taken.flatMap((message) => (message === undefined ? [] : [message]));
        if (messages.length > 0 || clock.now() >= end) return messages;
        await clock.sleep(POLL_MS, signal);
      }
    },
    async hide(queue, message, seconds) {
      find(queue, message).visibleAt = clock.now() + seconds * 1000;
    },
    async remove(queue, message) {
      const messages = messagesOf(queue);
      const at = messages.findIndex(({ handle }) => handle === message.handle);
      if (at >= 0) messages.splice(at, 1);
    },
  };
}
