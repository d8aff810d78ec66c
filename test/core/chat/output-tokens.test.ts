import { expect, it } from 'vitest';
import { outputTokensFor } from '#core/chat/output-tokens.ts';

it.each([
  ['the caller’s wish', 20_000, { maxTokens: 100, outputTokensDefault: 500 }, 100],
  ['no more than the target can write', 64, { maxTokens: 100 }, 64],
  ['the model’s default', 20_000, { outputTokensDefault: 500 }, 500],
  ['8,192 of a target that can write more', 20_000, {}, 8192],
  ['all of a target that can write less', 1000, {}, 1000],
  ['4,096 where the maximum is unknown', null, {}, 4096],
  ['the default beside the thoughts', 64_000, { thoughtTokensMax: 10_000 }, 18_192],
  ['the wish, thoughts included', 64_000, { maxTokens: 12_000, thoughtTokensMax: 10_000 }, 12_000],
  ['any wish where the maximum is unknown', null, { maxTokens: 50_000 }, 50_000],
])('is %s', (_, outputTokensMax, limits, tokens) => {
  expect(outputTokensFor({ outputTokensMax }, limits)).toBe(tokens);
});
