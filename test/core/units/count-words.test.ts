import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords } from '#core/units/count-words.ts';

const byPattern = (text: string): number => text.match(/\S+/g)?.length ?? 0;

describe('words', () => {
  it.each([
    ['', 0],
    [' \n\t ', 0],
    ['one', 1],
    [' one  two\nthree ', 3],
    ['今日は\u3000世界', 2],
  ])('of %j are %d', (text, words) => expect(countWords(text)).toBe(words));

  it('end at everything that a pattern takes for white space, and at nothing else', () => {
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const text = `a${String.fromCharCode(unit)}b`;
      if (countWords(text) !== byPattern(text)) expect.unreachable(`U+${unit.toString(16)}`);
    }
  });

  it('are as many as a pattern finds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(' ', '\n', 'x', '\u2003', 'é', '\u{1f600}') }),
        (text) => {
          expect(countWords(text)).toBe(byPattern(text));
        },
      ),
    );
  });
});
