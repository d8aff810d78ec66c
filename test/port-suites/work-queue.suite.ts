/** What every WorkQueue promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceiveOptions, WorkMessage, WorkQueue } from '#usecases/ports/work-queue.ts';

let names = 0;

export function describeWorkQueue(
  name: string,
  open: () => Promise<{
    readonly queue: WorkQueue;
    /** Makes one, where it must be made. */
    create(queue: string): Promise<void>;
    /** Lets a second and a bit more go by. */
    waitSecond(): Promise<void>;
    close(): Promise<void>;
  }>,
): void {
  describe(`a work queue on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    const aQueue = async (): Promise<string> => {
      names += 1;
      await opened.create(`queue-${names}`);
      return `queue-${names}`;
    };
    const receive = (queue: string, changes: Partial<ReceiveOptions> = {}) => {
      const signal = new AbortController().signal;
      return opened.queue.receive(queue, {
        ...{ messagesMax: 10, waitSeconds: 0, hiddenSeconds: 30, signal },
        ...changes,
      });
    };

    it('gives every message to one receiver, until it is removed', async () => {
      const queue = await aQueue();
      const bodies = Array.from({ length: 23 }, (_, index) => `message ${index}`);
      await opened.queue.send(queue, bodies);
      const received: WorkMessage[] = [];
      for (let tries = 0; tries < 20 && received.length < bodies.length; tries += 1)
        received.push(...(await receive(queue)));
      expect(received.map(({ body }) => body).sort()).toEqual([...bodies].sort());
      expect(received.every(({ receipts }) => receipts === 1)).toBe(true);
      expect(await receive(queue)).toEqual([]);
      for (const message of received) await opened.queue.remove(queue, message);
    });

    it('gives a message again that was hidden and not removed, and counts', async () => {
      const queue = await aQueue();
      await opened.queue.send(queue, ['again']);
      const [first] = await receive(queue, { hiddenSeconds: 1 });
      expect(await receive(queue)).toEqual([]);
      await opened.waitSecond();
      const [second] = await receive(queue);
      expect(second).toMatchObject({ body: 'again', receipts: 2 });
      expect(second?.handle).not.toBe(first?.handle);
    });

    it('hides a message for longer, or shows it at once', async () => {
      const queue = await aQueue();
      await opened.queue.send(queue, ['held']);
      const [message] = await receive(queue, { hiddenSeconds: 1 });
      if (message === undefined) throw new Error('nothing came');
      await opened.queue.hide(queue, message, 30);
      await opened.waitSecond();
      expect(await receive(queue)).toEqual([]);
      await opened.queue.hide(queue, message, 0);
      expect(await receive(queue)).toMatchObject([{ body: 'held' }]);
    });

    it('keeps a message back', async () => {
      const queue = await aQueue();
      await opened.queue.send(queue, ['late'], { delaySeconds: 1 });
      expect(await receive(queue)).toEqual([]);
      await opened.waitSecond();
      expect(await receive(queue)).toMatchObject([{ body: 'late' }]);
    });

    it('ends a wait that is over for the asker', async () => {
      const queue = await aQueue();
      const stop = new AbortController();
      const waiting = receive(queue, { waitSeconds: 20, signal: stop.signal });
      stop.abort(new Error('over'));
      await expect(waiting).rejects.toThrow();
    });
  });
}
