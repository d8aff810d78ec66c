import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createDispatchHandler } from '#lambdas/dispatch/handler.ts';
import type { DeployedDispatcher } from '#runtime/deployed-dispatcher.ts';

const context = (leftMs: number) => ({ getRemainingTimeInMillis: () => leftMs }) as Context;

function eventOf(...bodies: readonly string[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `id-${index}`,
    receiptHandle: `handle-${index}`,
    body,
    attributes: { ApproximateReceiveCount: '3' },
    eventSourceARN: 'arn:aws:sqs:eu-central-1:222222222222:acme-bulk-chat-small',
  }));
  return { Records } as unknown as SQSEvent;
}

const nothingBehind = () => undefined;

describe('the dispatcher’s function', () => {
  it('ends when what its calls left to write is written, also where they failed', async () => {
    const done: string[] = [];
    const behind = Promise.withResolvers<void>();
    const dispatcher = (dispatch: DeployedDispatcher['dispatch']) =>
      createDispatchHandler(async () => ({ dispatch, settled: () => behind.promise, callMsMax: 1 }));
    const ended = [
      dispatcher(async () => true)(eventOf('x'), context(900_000)).then(() => done.push('answered')),
      dispatcher(async () => {
        throw new Error('no');
      })(eventOf('x'), context(900_000)).catch(() => done.push('failed')),
    ];
    await new Promise(setImmediate);
    expect(done).toEqual([]);
    behind.resolve();
    await Promise.all(ended);
    expect(done.sort()).toEqual(['answered', 'failed']);
  });

  it('says which messages have to come again, and no others', async () => {
    const seen: unknown[] = [];
    const dispatch: DeployedDispatcher['dispatch'] = async (message, { queue }) => {
      seen.push({ ...message, queue });
      return message.body !== 'bad';
    };
    const handler = createDispatchHandler(async () => ({
      dispatch,
      settled: nothingBehind,
      callMsMax: 1000,
    }));
    const answer = await handler(eventOf('good', 'bad', 'good'), context(900_000));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-1' }] });
    expect(seen[0]).toEqual({ body: 'good', handle: 'handle-0', receipts: 3, queue: 'acme-bulk-chat-small' });
  });

  it('begins no calls that would not end in its time, and gives up those under way in time', async () => {
    const found: boolean[] = [];
    const aborted: boolean[] = [];
    const dispatch: DeployedDispatcher['dispatch'] = async (_, { mustEnd, signal }) => {
      found.push(mustEnd());
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      aborted.push(signal.aborted);
      return true;
    };
    const handler = createDispatchHandler(async () => ({
      dispatch,
      settled: nothingBehind,
      callMsMax: 300_000,
    }));
    await handler(eventOf('x'), context(20_010));
    expect(found).toEqual([true]);
    expect(aborted).toEqual([true]);
  });

  it('is made again where making it failed', async () => {
    let starts = 0;
    const handler = createDispatchHandler(async () => {
      starts += 1;
      if (starts === 1) throw new Error('not yet');
      return { dispatch: async () => true, settled: nothingBehind, callMsMax: 1 };
    });
    await expect(handler(eventOf('x'), context(900_000))).rejects.toThrow('not yet');
    expect(await handler(eventOf('x'), context(900_000))).toEqual({ batchItemFailures: [] });
    expect(starts).toBe(2);
  });
});
