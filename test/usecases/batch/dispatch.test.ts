import { describe, expect, it } from 'vitest';
import { batchQueueName } from '#contract/resources.ts';
import { aBatchRegion, chatLinesNamed } from '#test/builders/a-batch-region.ts';
import { dispatch, dispatchQueues, RECEIPTS_MAX } from '#usecases/batch/dispatch.ts';

const conditions = { hiddenSeconds: 10, signal: new AbortController().signal, mustEnd: () => false };

async function receive({ desk }: ReturnType<typeof aBatchRegion>, queue: string) {
  const how = { messagesMax: 1, waitSeconds: 0, hiddenSeconds: 10, signal: conditions.signal };
  const [message] = await desk.queue.receive(queue, how);
  return message;
}

describe('a message', () => {
  it('is removed when what it asks for is done, and not before', async () => {
    const region = aBatchRegion();
    await region.start(chatLinesNamed(2));
    const queue = batchQueueName(region.desk.config.name);
    const message = await receive(region, queue);
    if (message === undefined) throw new Error('a message is there');
    expect(await dispatch(region.services, message, { ...conditions, queue })).toBe(true);
    await region.clock.sleep(30_000);
    expect(await receive(region, queue)).toBeUndefined();
  });

  it('that means nothing stays, and is told without a word of it', async () => {
    const region = aBatchRegion();
    const queue = batchQueueName(region.desk.config.name);
    await region.desk.queue.send(queue, ['{"kind":"read","secret prompt']);
    const message = await receive(region, queue);
    if (message === undefined) throw new Error('a message is there');
    expect(await dispatch(region.services, message, { ...conditions, queue })).toBe(false);
    expect(region.lines.at(-1)).toMatchObject({ event: 'dispatch-failed', facts: { error: 'SyntaxError' } });
    expect(JSON.stringify(region.lines)).not.toContain('secret prompt');
    await region.clock.sleep(30_000);
    expect(await receive(region, queue)).toMatchObject({ receipts: 2 });
  });

  it('is hidden from others for as long as somebody works on it', async () => {
    const region = aBatchRegion({ script: () => ({ afterMs: 90_000 }) });
    const batch = await region.start(chatLinesNamed(3));
    const dispatcher = region.dispatch();
    const ended = await region.end(batch);
    await dispatcher.stop();
    expect(ended.state).toBe('completed');
    expect(region.calls).toHaveLength(3);
  });

  it('that came too often is done without what could not be done: its lines fail and are not lost', async () => {
    const region = aBatchRegion();
    const batch = await region.start(chatLinesNamed(3));
    const [reads, , bulk] = dispatchQueues(region.services);
    const read = await receive(region, reads ?? '');
    if (read === undefined) throw new Error('a message is there');
    await dispatch(region.services, read, { ...conditions, queue: reads ?? '' });
    const call = await receive(region, bulk ?? '');
    if (call === undefined) throw new Error('a message is there');
    const tired = { ...call, receipts: RECEIPTS_MAX };
    expect(await dispatch(region.services, tired, { ...conditions, queue: bulk ?? '' })).toBe(true);
    const dispatcher = region.dispatch();
    const ended = await region.end(batch);
    await dispatcher.stop();
    const { errors } = await region.output(ended);
    expect(errors.map(({ error }) => error?.code)).toEqual(Array(3).fill('dispatch_failed'));
  });

  it('waits in a queue of its model, or in the one for whole batches', () => {
    expect(dispatchQueues(aBatchRegion().desk)).toEqual([
      'acme-batches',
      'acme-bulk-chat-large',
      'acme-bulk-chat-small',
      'acme-bulk-embed',
    ]);
  });
});
