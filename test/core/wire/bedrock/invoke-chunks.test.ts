import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { chunkFrames, invocationMetrics } from '#core/wire/bedrock/invoke-chunks.ts';

/** What a client makes of a stream that arrives in these pieces. */
function eventsIn(pieces: readonly Uint8Array[]): readonly unknown[] {
  const decoder = new EventStreamDecoder();
  return pieces.flatMap((piece) =>
    [...decoder.push(piece)].map(({ headers, payload }) => {
      expect(headers[':event-type']).toBe('chunk');
      const { bytes } = JSON.parse(payload.toString('utf8'));
      return JSON.parse(Buffer.from(bytes, 'base64').toString('utf8'));
    }),
  );
}

describe('chunks', () => {
  it('hold each event whole, wherever the stream is cut', () => {
    const events = [{ type: 'a', text: 'é€😀' }, { type: 'b' }];
    const stream = chunkFrames(events);
    for (let at = 0; at <= stream.length; at += 1)
      expect(eventsIn([stream.subarray(0, at), stream.subarray(at)])).toEqual(events);
  });

  it('hold any JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (values) => {
        const events = JSON.parse(JSON.stringify(values));
        expect(eventsIn([chunkFrames(events)])).toEqual(events);
      }),
    );
  });
});

it('adds no metrics that the target did not tell', () => {
  const times = { invocationMs: 9, firstByteMs: 4 };
  expect(invocationMetrics(undefined, times)).toEqual({});
  expect(invocationMetrics({ inputTokens: 1, outputTokens: 2, cacheWriteInputTokens: 3 }, times)).toEqual({
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: 1,
      outputTokenCount: 2,
      invocationLatency: 9,
      firstByteLatency: 4,
      cacheWriteInputTokenCount: 3,
    },
  });
});
