import { describe, expect, it } from 'vitest';
import type { EventStreamFrame } from '#adapters/aws/event-stream-decoder.ts';
import { packetStream } from '#adapters/aws/packet-stream.ts';
import type { UpstreamAnswer, UpstreamBody } from '#adapters/aws/upstream-exchange.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';
import { collect, signalOf, textOf } from '#test/builders/model-call.ts';
import { answerOf } from '#test/builders/upstream-body.ts';

/** A format of which each frame is one text. */
function streamOf(answer: UpstreamAnswer, missing?: Error) {
  return packetStream(answer, 'bedrock-runtime', {
    verbatim: false,
    take: (frame: EventStreamFrame, arrived: ModelEvent[]) => {
      arrived.push({ type: 'text-delta', index: 0, text: frame.headers[':event-type'] ?? '' });
    },
    finish: (arrived) => {
      if (missing !== undefined) throw missing;
      arrived.push({ type: 'block-stop', index: 0 });
    },
  });
}

describe('a stream of packets', () => {
  it('gives the frames in order, then what its end says, and lets the socket go', async () => {
    const { answer, seen } = answerOf(
      Buffer.concat([eventFrame('a', {}), eventFrame('b', {})]),
      eventFrame('c', {}),
    );
    const events = await collect(streamOf(answer));
    expect([textOf(events), events.at(-1)?.type]).toEqual(['abc', 'block-stop']);
    expect(seen.destroyed).toBe(true);
  });

  it('hands out what came in one packet without a wait', async () => {
    const stream = streamOf(answerOf(Buffer.concat([eventFrame('a', {}), eventFrame('b', {})])).answer);
    expect(stream.takeArrived?.()).toBeUndefined();
    await stream.next();
    expect(stream.takeArrived?.()).toEqual({ type: 'text-delta', index: 0, text: 'b' });
    expect(stream.takeArrived?.()).toBeUndefined();
  });

  it('reads a frame that has arrived in thousands of pieces', async () => {
    const frame = eventFrame('x'.repeat(30_000), {});
    const left = Array.from(frame, (byte) => Buffer.from([byte]));
    const { answer } = answerOf();
    const body: UpstreamBody = { ...answer.body, readFor: (reader) => reader.onChunk(left.shift()) };
    const events = await collect(streamOf({ ...answer, body }));
    expect(textOf(events)).toHaveLength(30_000);
  });

  it('lets the socket go when the reader stops', async () => {
    const { answer, seen } = answerOf(eventFrame('a', {}), eventFrame('b', {}));
    for await (const _event of streamOf(answer)) break;
    expect(seen.destroyed).toBe(true);
  });

  it('ends with the exception that a frame carries, behind what came before, and lets the socket go', async () => {
    const { answer, seen } = answerOf(
      Buffer.concat([eventFrame('a', {}), exceptionFrame('validationException', { message: 'no' })]),
      eventFrame('b', {}),
    );
    const heard: ModelEvent[] = [];
    const reading = async () => {
      for await (const event of streamOf(answer)) heard.push(event);
    };
    expect(await signalOf(reading())).toMatchObject({ errorName: 'ValidationException', message: 'no' });
    expect(textOf(heard)).toBe('a');
    expect(seen.destroyed).toBe(true);
  });

  it('takes a text that is not JSON for the message of an exception', async () => {
    const frame = exceptionFrame('internalServerException', 'just words');
    expect((await signalOf(collect(streamOf(answerOf(frame).answer)))).message).toBe('"just words"');
  });

  it('fails where a frame is cut, and where its format lacks its end', async () => {
    const cut = eventFrame('a', {}).subarray(0, 20);
    expect(await signalOf(collect(streamOf(answerOf(cut).answer)))).toMatchObject({ kind: 'incomplete' });
    const lacking = streamOf(answerOf(eventFrame('a', {})).answer, new Error('no end'));
    await expect(collect(lacking)).rejects.toThrow('no end');
  });
});
