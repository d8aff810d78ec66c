import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';

function draws(seed: number | string, count: number): readonly number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe('the seeded generator', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(draws(7, 50)).toEqual(draws(7, 50));
    expect(draws(7, 50)).not.toEqual(draws(8, 50));
    expect(draws('a', 3)).not.toEqual(draws('b', 3));
  });

  it('stays from 0 to below 1 and fills every tenth evenly', () => {
    const counts = new Array<number>(10).fill(0);
    for (const value of draws('even', 20_000)) {
      expect(value >= 0 && value < 1).toBe(true);
      const tenth = Math.floor(value * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(250);
  });
});
