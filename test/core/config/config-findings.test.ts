import { describe, expect, it } from 'vitest';
import { listText, repeatedIndexes } from '#core/config/config-findings.ts';

describe('findings', () => {
  it('point at every repetition but the first', () => {
    expect(repeatedIndexes(['a', 'b', 'a', 'c', 'b', 'a'])).toEqual([2, 4, 5]);
    expect(repeatedIndexes([])).toEqual([]);
  });

  it('say "none" where a list is empty', () => {
    expect(listText(['a', 'b'])).toBe('a, b');
    expect(listText([])).toBe('none');
  });
});
