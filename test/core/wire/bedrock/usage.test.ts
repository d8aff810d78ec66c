import { expect, it } from 'vitest';
import { bedrockUsage } from '#core/wire/bedrock/usage.ts';

it('keeps cached tokens apart and counts them in the total', () => {
  expect(bedrockUsage({ inputTokens: 7, outputTokens: 5 })).toEqual({
    inputTokens: 7,
    outputTokens: 5,
    totalTokens: 12,
  });
  const cached = { inputTokens: 7, outputTokens: 5, cacheReadInputTokens: 100, cacheWriteInputTokens: 0 };
  expect(bedrockUsage(cached)).toEqual({ ...cached, totalTokens: 112 });
});
