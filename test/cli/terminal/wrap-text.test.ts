import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth, wrapText } from '#cli/terminal/wrap-text.ts';

describe('wrapText', () => {
  it('breaks at spaces, and long words after a joint', () => {
    expect(wrapText('call it eu.anthropic.claude-sonnet now', 14)).toEqual([
      'call it',
      'eu.anthropic.',
      'claude-sonnet',
      'now',
    ]);
  });

  it('answers one empty line for an empty text', () => {
    expect(wrapText('', 10)).toEqual(['']);
  });

  it('never exceeds the width and never loses a character', () => {
    const words = fc.array(
      fc
        .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 })
        .map((word) => word.replaceAll(' ', '_')),
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const lines = wrapText(list.join(' '), width);
        expect(lines.every((line) => textWidth(line) <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(list.join(''));
      }),
    );
  });
});
