import fc from 'fast-check';
import { it } from 'vitest';
import { jsonText } from '#core/units/json-text.ts';

it('writes every text as JSON does', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a"b', 'a\\b', '\n', '\u007f', '\ud800', ''),
  );
  fc.assert(fc.property(texts, (text) => jsonText(text) === JSON.stringify(text)));
});
