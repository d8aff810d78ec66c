import { expect, it } from 'vitest';
import { interruptedStream } from '#core/wire/openai/interrupted-stream.ts';

it('ends a broken stream with the usage as far as it is known', () => {
  expect(interruptedStream({ outcome: 'connection-reset', usage: undefined, deltas: 7 })).toMatchObject({
    error: { code: 'stream_interrupted', type: 'server_error' },
    usage: { completion_tokens: 7, estimated: true },
  });
  const usage = { inputTokens: 3, outputTokens: 4 };
  const told = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  expect(interruptedStream({ outcome: 'x', usage, deltas: 7 }).usage).toEqual(told);
});
