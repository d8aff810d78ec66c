import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8Length } from '#core/units/utf8-length.ts';

it('counts the bytes that an encoder writes, of lone surrogates too', () => {
  const encoder = new TextEncoder();
  expect(utf8Length('é€😀\ud800x')).toBe(2 + 3 + 4 + 3 + 1);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(encoder.encode(text).length);
    }),
  );
});
