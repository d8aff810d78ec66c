import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens, tokenize } from '#local/world/answers/tokens.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.lorem({ mode: 'sentences' }),
);

describe('tokens', () => {
  it('counts about one token for a short word and one for each character of a script without spaces', () => {
    expect(tokenize('The quick brown fox')).toEqual(['The', ' quick', ' brown', ' fox']);
    expect(countTokens('responsibility')).toBe(3);
    expect(countTokens('漢字かな')).toBe(4);
    expect(tokenize('In 2026, 1234 cases!')).toEqual(['In', ' 202', '6', ',', ' 123', '4', ' cases', '!']);
    expect(countTokens('')).toBe(0);
  });

  it('loses no character, whatever the text', () => {
    fc.assert(
      fc.property(text, (value) => tokenize(value).join('') === value),
      { numRuns: 2_000 },
    );
  });

  it('counts the same in pieces as in one, wherever two tokens are cut apart', () => {
    fc.assert(
      fc.property(text, fc.nat(), (value, pick) => {
        const tokens = tokenize(value);
        const at = tokens.length === 0 ? 0 : pick % tokens.length;
        const left = tokens.slice(0, at).join('');
        const right = tokens.slice(at).join('');
        return countTokens(left) + countTokens(right) === tokens.length;
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads half a million characters of blanks and letters in well under a second', () => {
    const before = performance.now();
    expect(countTokens(`${' '.repeat(250_000)}${'x'.repeat(250_000)}`)).toBeGreaterThan(40_000);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
