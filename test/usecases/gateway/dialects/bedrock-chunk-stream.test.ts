import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { chunkStreamWriter } from '#usecases/gateway/dialects/bedrock-chunk-stream.ts';

/** A family with one word for every event, and two at its end. */
const family = { step: () => [{ said: 'step' }], end: () => [{ said: 'last but one' }, { said: 'last' }] };

function streamed() {
  let elapsedMs = 0;
  const identity = { requestId: 'r1', model: 'chat', createdSeconds: 7, elapsedMs: () => elapsedMs };
  const writer = chunkStreamWriter(identity, family);
  const waitUntil = (milliseconds: number): void => {
    elapsedMs = milliseconds;
  };
  return { writer, waitUntil };
}

const chunksIn = (bytes: Uint8Array) =>
  [...new EventStreamDecoder().push(Buffer.from(bytes))].map(({ payload }) =>
    JSON.parse(Buffer.from(JSON.parse(payload.toString('utf8')).bytes, 'base64').toString('utf8')),
  );

describe('a stream of chunks', () => {
  it('ends with usage and both latencies, in the last chunk alone', () => {
    const { writer, waitUntil } = streamed();
    waitUntil(30);
    expect(chunksIn(writer.step({ type: 'message-start' }))).toEqual([{ said: 'step' }]);
    waitUntil(90);
    writer.step({ type: 'usage', usage: { inputTokens: 5, outputTokens: 2 } });
    expect(chunksIn(writer.end())).toEqual([
      { said: 'last but one' },
      {
        said: 'last',
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: 5,
          outputTokenCount: 2,
          invocationLatency: 90,
          firstByteLatency: 30,
        },
      },
    ]);
  });

  it('says nothing when another target goes on, and names it at the end', () => {
    const { writer } = streamed();
    const mark = { target: 'a/b/c', region: 'us-west-2', reach: ['us-west-2'] };
    expect(writer.resumed(mark)).toHaveLength(0);
    expect(chunksIn(writer.end()).at(-1)).toEqual({ said: 'last', spillway: { resumed: mark } });
  });
});
