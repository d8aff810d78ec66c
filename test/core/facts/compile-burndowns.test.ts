import { describe, expect, it } from 'vitest';
import quotas from '#data/quotas.json' with { type: 'json' };
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

describe('what a token of output takes from a quota', () => {
  it.each([
    ['anthropic.claude-sonnet-4-6', 5],
    ['anthropic.claude-opus-5-5', 5],
    ['anthropic.claude-3-7-sonnet-20250219-v1:0', 5],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 1],
    ['anthropic.claude-3-haiku-20240307-v1:0', 1],
    ['openai.gpt-6.1-sol', 10],
    ['openai.gpt-oss-20b-1:0', 1],
    ['amazon.nova-lite-v1:0', 1],
  ])('%s: %d', (modelId, expected) => {
    expect(shippedFacts.outputBurndownOf(modelId)).toBe(expected);
  });

  it('is one where nothing is known', () => {
    expect(emptyFacts.outputBurndownOf('anthropic.claude-sonnet-4-6')).toBe(1);
  });

  it('has a source for each row', () => {
    for (const row of quotas.outputBurndowns) expect(row.source.length).toBeGreaterThan(10);
  });
});
