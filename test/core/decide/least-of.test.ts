import { expect, it } from 'vitest';
import { leastOf } from '#core/decide/least-of.ts';

it('finds the least of the known values', () => {
  const known = (text: string) => (text === '' ? undefined : Number(text));
  expect(leastOf(['3', '', '-1', '2'], known)).toBe(-1);
  expect(leastOf(['0', '5'], known)).toBe(0);
  expect(leastOf(['', ''], known)).toBeUndefined();
});
