import { describe, expect, it } from 'vitest';
import { textOfTokens, tokensOfText } from '#simulator/world/answer-text.ts';

describe('the text of an answer', () => {
  it.each([1, 2, 63, 1_000, 65_536])('is as long as %i tokens are, and says so', (tokens) => {
    expect(tokensOfText(textOfTokens(tokens))).toBe(tokens);
  });

  it('adds up over its pieces', () => {
    expect(tokensOfText(textOfTokens(3) + textOfTokens(4))).toBe(7);
  });
});
