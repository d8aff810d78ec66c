import { expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { interruptedFrame } from '#core/wire/bedrock/interrupted-stream.ts';

function decoded(bytes: Uint8Array) {
  const [frame] = new EventStreamDecoder().push(bytes);
  return { headers: frame?.headers, body: JSON.parse(frame?.payload.toString() ?? '') };
}

it('is an exception with an estimate where the target told no usage', () => {
  const { headers, body } = decoded(
    interruptedFrame({ outcome: 'connection-reset', usage: undefined, deltas: 3 }),
  );
  expect(headers?.[':message-type']).toBe('exception');
  expect(headers?.[':exception-type']).toBe('modelStreamErrorException');
  expect(body.message).toMatch(/^stream_interrupted: .*connection-reset.*about 3 output tokens/);
  expect(body).toMatchObject({ code: 'stream_interrupted', usage: { outputTokens: 3, estimated: true } });
});

it('is exact where the target told it', () => {
  const usage = { inputTokens: 9, outputTokens: 4 };
  const { headers, body } = decoded(interruptedFrame({ outcome: 'throttled', usage, deltas: 3 }));
  expect(headers?.[':exception-type']).toBe('throttlingException');
  expect(body.usage).toEqual({ ...usage, totalTokens: 13 });
});
