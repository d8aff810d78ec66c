import { expect, it } from 'vitest';
import { openAiUsage } from '#core/wire/openai/usage.ts';

it('counts cached tokens among those of the prompt, and shows how many were read', () => {
  const usage = { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 10, cacheWriteInputTokens: 20 };
  expect(openAiUsage(usage)).toEqual({
    prompt_tokens: 33,
    completion_tokens: 4,
    total_tokens: 37,
    prompt_tokens_details: { cached_tokens: 10 },
  });
  expect(openAiUsage({ inputTokens: 3, outputTokens: 4 })).not.toHaveProperty('prompt_tokens_details');
});
