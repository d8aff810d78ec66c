import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { gapSampler, type Process } from '#simulator/arrivals/renewal.ts';
import { drawn, momentsOf } from '#test/builders/sample-moments.ts';

describe('gaps between arrivals', () => {
  const processes: readonly [Process, number][] = [
    [{ law: 'poisson' }, 1],
    [{ law: 'regular' }, 0],
    ...[0.5, 1, 2, 4].flatMap((variation): [Process, number][] => [
      [{ law: 'gamma', variation }, variation],
      [{ law: 'weibull', variation }, variation],
    ]),
  ];
  it.each(processes)('have mean 1 and vary as they should: %o', (process, expected) => {
    const { mean, variation } = momentsOf(drawn(150_000, gapSampler(process, createSeededRandom('gaps'))));
    expect(Math.abs(mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(variation - expected)).toBeLessThanOrEqual(0.06 * expected);
  });

  it('are refused where they vary beyond what makes sense', () => {
    expect(() => gapSampler({ law: 'gamma', variation: 0 }, createSeededRandom(1))).toThrow('0.05 to 20');
  });
});
