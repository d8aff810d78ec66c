import { expect, it } from 'vitest';
import { anthropicUsage, noUsageYet } from '#core/wire/anthropic/usage.ts';

it('keeps cached tokens apart, and what is not told null', () => {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheWriteInputTokens: 4 };
  expect(anthropicUsage(usage, 9)).toEqual({
    ...noUsageYet,
    input_tokens: 1,
    output_tokens: 2,
    cache_read_input_tokens: 3,
    cache_creation_input_tokens: 4,
  });
  expect(anthropicUsage({ inputTokens: 1, outputTokens: 2 }, 9).cache_read_input_tokens).toBeNull();
});

it('says that a count of deltas is no exact one', () => {
  expect(anthropicUsage(undefined, 9)).toEqual({ ...noUsageYet, output_tokens: 9, estimated: true });
});
