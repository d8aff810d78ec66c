import { describe, expect, it } from 'vitest';
import { converseStream } from '#adapters/aws/converse-stream.ts';
import { converseFrames, eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';
import { collect, signalOf } from '#test/builders/model-call.ts';
import { bodyReading } from '#test/builders/upstream-body.ts';

function streamOf(...packets: readonly Uint8Array[]) {
  return streamWanting({}, ...packets);
}

function streamWanting(
  wanted: NonNullable<Parameters<typeof converseStream>[1]>,
  ...packets: readonly Uint8Array[]
) {
  const left = [...packets];
  const seen = { reads: 0, destroyed: false };
  const body = bodyReading(
    async () => {
      seen.reads += 1;
      return left.shift();
    },
    () => {
      seen.destroyed = true;
    },
  );
  const stream = converseStream({ status: 200, headers: {}, body }, wanted);
  return { stream, seen };
}

const whole = Buffer.concat(converseFrames('Hel', 'lo'));

describe('a ConverseStream answer', () => {
  it('gives what one packet holds without waiting, once its first event was awaited', async () => {
    const { stream, seen } = streamOf(whole);
    expect(stream.takeArrived?.()).toBeUndefined();
    expect(await stream.next()).toEqual({ done: false, value: { type: 'message-start' } });
    const arrived = [];
    for (let event = stream.takeArrived?.(); event !== undefined; event = stream.takeArrived?.())
      arrived.push(event.type);
    expect(arrived).toEqual(['text-delta', 'text-delta', 'block-stop', 'message-stop', 'usage']);
    expect(seen.reads).toBe(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(seen.destroyed).toBe(true);
  });

  it('says the same wherever its bytes are cut', async () => {
    const { stream } = streamOf(whole);
    const wanted = await collect(stream);
    for (let cut = 1; cut < whole.length; cut += 1) {
      const { stream: cutStream } = streamOf(whole.subarray(0, cut), whole.subarray(cut));
      expect(await collect(cutStream), `cut at ${cut}`).toEqual(wanted);
    }
  });

  it('gives the events before a break, then the failure once, then nothing', async () => {
    const delta = eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' } });
    const { stream, seen } = streamOf(
      Buffer.concat([delta, exceptionFrame('throttlingException', { message: 'slow' })]),
    );
    expect((await stream.next()).value).toMatchObject({ type: 'text-delta', text: 'a' });
    expect(seen.destroyed).toBe(true);
    expect(await signalOf(stream.next())).toMatchObject({
      errorName: 'ThrottlingException',
      phase: 'in-stream',
    });
    expect((await stream.next()).done).toBe(true);
  });

  it.each([
    ['inside a frame', whole.subarray(0, whole.length - 3), 'inside a frame'],
    ['before its stop', eventFrame('messageStart', { role: 'assistant' }), 'without messageStop'],
    ['before its usage', eventFrame('messageStop', { stopReason: 'end_turn' }), 'without metadata'],
  ])('fails when it ends %s', async (_, packet, message) => {
    const { stream } = streamOf(packet);
    expect(await signalOf(collect(stream))).toMatchObject({
      kind: 'incomplete',
      message: expect.stringContaining(message),
    });
  });

  it('lets the socket go when the reader stops, and says nothing more', async () => {
    const { stream, seen } = streamOf(whole);
    await stream.next();
    await stream.return?.();
    expect(seen.destroyed).toBe(true);
    expect(stream.takeArrived?.()).toBeUndefined();
    expect((await stream.next()).done).toBe(true);
  });
});

describe.each(['malformed_model_output', 'malformed_tool_use'])('an answer that ends in %s', (stopReason) => {
  const [, , , , metadata = Buffer.alloc(0)] = converseFrames('a');
  const begun = converseFrames('a').slice(0, 3);
  const spoiled = Buffer.concat([...begun, eventFrame('messageStop', { stopReason }), metadata]);

  it('fails as malformed, after its content and without an end', async () => {
    const { stream, seen } = streamOf(spoiled);
    const types: string[] = [];
    const failure = await signalOf(
      (async () => {
        for await (const { type } of stream) types.push(type);
      })(),
    );
    expect(types).toEqual(['message-start', 'text-delta', 'block-stop']);
    expect(failure).toMatchObject({ kind: 'malformed', message: expect.stringContaining(stopReason) });
    expect(seen.destroyed).toBe(true);
  });

  it('is told as it came to callers whose format has the word', async () => {
    const { stream } = streamWanting({ tellsMalformedStop: true }, spoiled);
    expect(await collect(stream)).toContainEqual({ type: 'message-stop', stopReason });
  });
});
