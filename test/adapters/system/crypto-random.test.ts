import { expect, it } from 'vitest';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';

it('gives numbers from 0 to below 1, not always the same', () => {
  const numbers = Array.from({ length: 200 }, () => cryptoRandom.next());
  expect(numbers.every((each) => each >= 0 && each < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(190);
});
