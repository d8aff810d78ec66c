import { describe, expect, it } from 'vitest';
import * as classes from '#core/tokens/character-class.ts';

const { characterClass, ...named } = classes;
const nameOf = (character: string) =>
  Object.entries(named).find(([, value]) => value === characterClass(character.charCodeAt(0)))?.[0];

describe('the class of a character', () => {
  it.each([
    ['a', 'LOWER'],
    ['Z', 'UPPER'],
    ['ä', 'ACCENTED'],
    ['ş', 'ACCENTED'],
    ['ế', 'ACCENTED'],
    ['7', 'DIGIT'],
    [' ', 'SPACE'],
    ['\t', 'SPACE'],
    ['\n', 'BREAK'],
    ['語', 'HAN'],
    ['の', 'HIRAGANA'],
    ['カ', 'KATAKANA'],
    ['한', 'HANGUL'],
    ['ж', 'CYRILLIC'],
    ['ω', 'ALPHABET'],
    ['م', 'ALPHABET'],
    ['क', 'ABUGIDA'],
    ['ไ', 'ABUGIDA'],
  ])('%s: %s', (character, name) => {
    expect(nameOf(character)).toBe(name);
  });

  it('is some number for every unit, lone surrogates included', () => {
    for (let unit = 0; unit < 0x10000; unit += 1) {
      expect(characterClass(unit)).toBeGreaterThan(0);
      expect(characterClass(unit)).toBeLessThan(16);
    }
  });

  it('keeps signs apart from letters', () => {
    const signs = [...'{}();,.!?"§«»–“”'].map((sign) => characterClass(sign.charCodeAt(0)));
    expect(new Set(signs).size).toBe(1);
    expect(nameOf('{')).toBeUndefined();
  });
});
