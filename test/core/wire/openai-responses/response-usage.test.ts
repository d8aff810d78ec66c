import { expect, it } from 'vitest';
import { responseUsage } from '#core/wire/openai-responses/response-usage.ts';

it('counts cached tokens among those of the input, and shows them apart', () => {
  const usage = { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 10, cacheWriteInputTokens: 20 };
  expect(responseUsage(usage, false)).toEqual({
    input_tokens: 33,
    input_tokens_details: { cached_tokens: 10, cache_write_tokens: 20 },
    output_tokens: 4,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 37,
  });
});

it('tells no count of thoughts that nobody counted', () => {
  const { output_tokens_details } = responseUsage({ inputTokens: 3, outputTokens: 4 }, true);
  expect(output_tokens_details).toEqual({});
});
