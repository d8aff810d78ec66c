import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import {
  encodeEventFrame,
  encodeExceptionFrame,
  joinedFrames,
} from '#core/wire/event-stream/encode-frame.ts';
import { eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';

const anyJson = fc.jsonValue({ maxDepth: 3 });

it("writes the very bytes that AWS's own codec writes", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z]{1,30}$/), anyJson, (type, members) => {
      expect(Buffer.from(encodeEventFrame(type, members))).toEqual(eventFrame(type, members));
      expect(Buffer.from(encodeExceptionFrame(type, members))).toEqual(exceptionFrame(type, members));
    }),
  );
});

it('is read as the same frames wherever the stream is cut', () => {
  const texts = ['plain', 'fjörd ', '🌊', ''];
  const stream = joinedFrames([
    ...texts.map((text) => encodeEventFrame('contentBlockDelta', { delta: { text } })),
    encodeExceptionFrame('modelStreamErrorException', { message: 'cut' }),
  ]);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const decoder = new EventStreamDecoder();
    const frames = [...decoder.push(stream.subarray(0, cut)), ...decoder.push(stream.subarray(cut))];
    const bodies = frames.map(({ payload }) => JSON.parse(payload.toString()));
    expect(bodies).toEqual([...texts.map((text) => ({ delta: { text } })), { message: 'cut' }]);
    expect(frames.at(-1)?.headers[':exception-type']).toBe('modelStreamErrorException');
    expect(decoder.heldBytes).toBe(0);
  }
});

it('joins no frames to no bytes', () => {
  expect(joinedFrames([])).toEqual(new Uint8Array());
});
