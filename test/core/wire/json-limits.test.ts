import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_DEPTH_MAX, JSON_MEMBERS_MAX, jsonLimitViolation } from '#core/wire/json-limits.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const list = (values: number): string => JSON.stringify(Array.from({ length: values }, () => 0));

describe('a JSON text', () => {
  it('may be as deep and as wide as the limits, and no more', () => {
    expect(jsonLimitViolation(nested(JSON_DEPTH_MAX))).toBeUndefined();
    expect(jsonLimitViolation(nested(JSON_DEPTH_MAX + 1))).toContain('deeper than 64');
    expect(jsonLimitViolation(list(JSON_MEMBERS_MAX))).toBeUndefined();
    expect(jsonLimitViolation(list(JSON_MEMBERS_MAX + 1))).toContain('more than 250000');
  });

  it('is not judged by what stands in its strings', () => {
    expect(jsonLimitViolation(JSON.stringify(`"${nested(100)}\\"${','.repeat(300_000)}`))).toBeUndefined();
  });

  it('need not be valid', () => {
    expect(jsonLimitViolation('"never ends \\')).toBeUndefined();
    expect(jsonLimitViolation(']]]]')).toBeUndefined();
  });

  it('is judged alike however its strings are quoted, whole or cut', () => {
    const pieces = fc.array(fc.constantFrom('"', '\\', ',', '{', 'x'), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        const deep = `${'['.repeat(JSON_DEPTH_MAX - 1)}${text}`;
        expect(jsonLimitViolation(deep) !== undefined).toBe(bracesOutside(text) > 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Opening braces outside of strings, told one character at a time. */
function bracesOutside(text: string): number {
  let count = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    if (inString && text[index] === '\\') index += 1;
    else if (text[index] === '"') inString = !inString;
    else if (!inString && text[index] === '{') count += 1;
  }
  return count;
}
