import { describe, expect, it } from 'vitest';
import { ENGLISH, FOREIGN, languageOfWord } from '#core/tokens/function-words.ts';

const languageOf = (text: string, start = 0, length = text.length) => languageOfWord(text, start, length);

describe('a small word', () => {
  it.each([
    ['the', ENGLISH],
    ['The', ENGLISH],
    ['of', ENGLISH],
    ['der', FOREIGN],
    ['les', FOREIGN],
    ['los', FOREIGN],
    ['xyz', 0],
    ['über', 0],
    ['a1', 0],
    ['thee', 0],
  ])('%s tells its language, if any', (word, language) => {
    expect(languageOf(word)).toBe(language);
  });

  it('is read where it stands', () => {
    expect(languageOf('und the', 4, 3)).toBe(ENGLISH);
  });
});
