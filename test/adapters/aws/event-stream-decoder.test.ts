import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EventStreamDecoder,
  EventStreamError,
  type EventStreamFrame,
} from '#adapters/aws/event-stream-decoder.ts';
import { converseFrames, eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';

const utf8 = new TextDecoder();

function decodeAll(chunks: readonly Uint8Array[]) {
  const decoder = new EventStreamDecoder();
  const frames = chunks.flatMap((chunk) => [...decoder.push(chunk)]);
  return { frames, heldBytes: decoder.heldBytes };
}

function partsOf({ headers, payload, text }: EventStreamFrame) {
  return { headers, payload: utf8.decode(payload), text };
}

function cut(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const points = [0, ...[...at].sort((a, b) => a - b), bytes.length];
  return points.slice(1).map((end, index) => bytes.subarray(points[index], end));
}

describe('EventStreamDecoder', () => {
  it("reads what the SDK's codec wrote", () => {
    const { frames, heldBytes } = decodeAll([Buffer.concat(converseFrames('Hello', ' wörld'))]);
    expect(frames.map((frame) => frame.headers[':event-type'])).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(JSON.parse(utf8.decode(frames[2]?.payload))).toEqual({
      delta: { text: ' wörld' },
      contentBlockIndex: 0,
    });
    expect(heldBytes).toBe(0);
  });

  it('tells headers of one length apart, in one stream and from one to the next', () => {
    const types = Array.from({ length: 40 }, (_, index) => `event${String(index).padStart(3, '0')}`);
    const streams = [types, types.toReversed()];
    for (const stream of streams) {
      const { frames } = decodeAll([Buffer.concat(stream.map((type) => eventFrame(type, {})))]);
      expect(frames.map(({ headers }) => headers[':event-type'])).toEqual(stream);
    }
  });

  it('reads the same frames when they arrive byte by byte', () => {
    const bytes = Buffer.concat(converseFrames('Hello', ' world'));
    const whole = decodeAll([bytes]).frames;
    const single = decodeAll([...bytes].map((byte) => Uint8Array.of(byte))).frames;
    expect(single).toHaveLength(6);
    expect(single.map(partsOf)).toEqual(whole.map(partsOf));
    expect(Buffer.concat(single.map((frame) => frame.bytes))).toEqual(bytes);
  });

  it('reads the same frames wherever the transport cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 1_000 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(4_000), { maxLength: 20 }),
        (texts, points) => {
          const bytes = Buffer.concat(texts.map((text) => eventFrame('contentBlockDelta', { text })));
          const chunks = cut(
            bytes,
            points.map((point) => point % bytes.length),
          );
          const { frames, heldBytes } = decodeAll(chunks);
          expect(frames.map((frame) => JSON.parse(utf8.decode(frame.payload)).text)).toEqual(texts);
          expect(frames.map((frame) => JSON.parse(frame.text).text)).toEqual(texts);
          expect(heldBytes).toBe(0);
        },
      ),
    );
  });

  it('skips header values of every other type without losing its place', () => {
    const codec = new EventStreamCodec(
      (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
      (text) => new Uint8Array(Buffer.from(text)),
    );
    const bytes = codec.encode({
      headers: {
        yes: { type: 'boolean', value: true },
        no: { type: 'boolean', value: false },
        byte: { type: 'byte', value: 1 },
        short: { type: 'short', value: 2 },
        integer: { type: 'integer', value: 3 },
        binary: { type: 'binary', value: Uint8Array.of(1, 2, 3) },
        time: { type: 'timestamp', value: new Date(1_790_000_000_000) },
        uuid: { type: 'uuid', value: '01234567-89ab-cdef-0123-456789abcdef' },
        ':message-type': { type: 'string', value: 'event' },
      },
      body: new Uint8Array(),
    });
    expect(decodeAll([bytes]).frames[0]?.headers).toEqual({ ':message-type': 'event' });
  });

  it('refuses a frame of which any one byte was changed, and never hands it out', () => {
    const bytes = exceptionFrame('throttlingException', { message: 'slow down' });
    for (let position = 0; position < bytes.length; position += 1) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(position) ^ 0x20, position);
      expect(() => decodeAll([damaged]), `byte ${position}`).toThrow(EventStreamError);
    }
  });

  it('hands out the frames before a damaged one only when they came in an earlier chunk', () => {
    const [first, second] = converseFrames('a');
    const decoder = new EventStreamDecoder();
    expect(decoder.push(first ?? Buffer.alloc(0))).toHaveLength(1);
    const damaged = Buffer.from(second ?? Buffer.alloc(0));
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    expect(() => decoder.push(damaged)).toThrow('checksum');
  });

  it('refuses text that is no event stream as soon as a prelude is there', () => {
    expect(() => decodeAll([Buffer.from('<html><body>502')])).toThrow(EventStreamError);
  });

  it('says how much of a frame it holds when the stream ends inside one', () => {
    const bytes = eventFrame('messageStart', { role: 'assistant' });
    expect(decodeAll([bytes.subarray(0, bytes.length - 3)])).toEqual({
      frames: [],
      heldBytes: bytes.length - 3,
    });
  });
});
