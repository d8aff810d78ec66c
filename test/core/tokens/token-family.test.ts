import { describe, expect, it } from 'vitest';
import { pieceKinds } from '#core/tokens/text-shape.ts';
import { tokenFamilyOf } from '#core/tokens/token-family.ts';

describe('a family', () => {
  it.each([
    ['anthropic.claude-3-7-sonnet-20250219-v1:0', 'claude'],
    ['anthropic.claude-sonnet-4-20250514-v1:0', 'claude'],
    ['anthropic.claude-opus-4-6-v1', 'claude'],
    ['anthropic.claude-haiku-4-5', 'claude'],
    ['anthropic.claude-opus-4-7', 'later-claude'],
    ['anthropic.claude-fable-5-1', 'later-claude'],
    ['openai.gpt-oss-120b-1:0', 'o200k'],
    ['meta.llama3-1-8b-instruct-v1:0', 'llama'],
    ['qwen.qwen3-32b-v1:0', 'qwen'],
    ['mistral.mistral-large-2407-v1:0', 'mistral'],
    ['deepseek.v3-v1:0', 'deepseek'],
    ['amazon.nova-lite-v1:0', 'nova'],
    ['amazon.titan-embed-text-v2:0', 'embedding'],
    ['cohere.embed-v4:0', 'embedding'],
    ['chat-small', 'unknown'],
  ])('%s: %s', (modelId, family) => {
    expect(tokenFamilyOf(modelId).name).toBe(family);
  });

  it('has a price for every kind of piece, and is one object for one model', () => {
    const family = tokenFamilyOf('meta.llama3-1-8b-instruct-v1:0');
    expect(family.prices).toHaveLength(pieceKinds.length);
    expect(family.prices.every((price) => price >= 0 && price < 3)).toBe(true);
    expect(tokenFamilyOf('meta.llama3-1-8b-instruct-v1:0')).toBe(family);
  });
});
