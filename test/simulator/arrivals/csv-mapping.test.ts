import { describe, expect, it } from 'vitest';
import { readTime, readTokens } from '#simulator/arrivals/csv-mapping.ts';

describe('values of a trace', () => {
  it.each([
    ['1.5', 's', 1_500],
    ['1.5', 'ms', 1.5],
    ['2500', 'us', 2.5],
    ['2e9', 'ns', 2_000],
    ['1970-01-01T00:00:01Z', 'iso', 1_000],
    ['1970-01-01 00:00:01.2345678', 'iso', 1_234],
    ['1970-01-01T01:00:00+01:00', 'iso', 0],
  ] as const)('reads %s in %s', (text, unit, expected) => {
    const read = readTime(text, unit);
    expect('value' in read && read.value).toBeCloseTo(expected, 6);
  });

  it.each([
    ['', 's', 'a number of s'],
    ['0x10', 'ms', 'a number of ms'],
    ['yesterday', 'iso', 'an instant like 2026-11-22T08:30:00Z'],
    ['12', 'iso', 'an instant like 2026-11-22T08:30:00Z'],
  ] as const)('does not take %s for a time in %s', (text, unit, want) => {
    expect(readTime(text, unit)).toEqual({ want });
  });

  it('reads tokens, none as one', () => {
    expect([readTokens('17'), readTokens('0'), readTokens(' 3 ')]).toEqual([
      { value: 17 },
      { value: 1 },
      { value: 3 },
    ]);
    for (const text of ['-1', '1.5', '', '4e9', 'many'])
      expect(readTokens(text)).toEqual({ want: 'a whole number of tokens, 0 or more' });
  });
});
