import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import {
  exponentialSampler,
  gammaSampler,
  normalSampler,
  weibullMean,
  weibullSampler,
  weibullShapeOf,
  weibullVariation,
} from '#simulator/arrivals/samplers.ts';
import { drawn, momentsOf } from '#test/builders/sample-moments.ts';

const COUNT = 60_000;

/** The largest distance between a sample's shares and those of its law: Kolmogorov and Smirnov's. */
function distance(values: readonly number[], shareBelow: (value: number) => number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted.reduce(
    (most, value, index) => Math.max(most, Math.abs(shareBelow(value) - (index + 0.5) / sorted.length)),
    0,
  );
}
/** Above it a right sampler of that many values comes in one of a thousand seeds. */
const DISTANCE_MAX = 1.95 / Math.sqrt(COUNT);

describe('samplers', () => {
  it('draw exponential numbers', () => {
    const values = drawn(COUNT, exponentialSampler(createSeededRandom('exponential')));
    expect(distance(values, (value) => 1 - Math.exp(-value))).toBeLessThan(DISTANCE_MAX);
  });

  it('draw normal numbers, as many on either side', () => {
    const values = drawn(COUNT, normalSampler(createSeededRandom('normal')));
    const within = (bound: number): number =>
      values.filter((value) => Math.abs(value) < bound).length / COUNT;
    expect(within(1)).toBeCloseTo(0.6827, 2);
    expect(within(1.96)).toBeCloseTo(0.95, 2);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / COUNT)).toBeLessThan(0.01);
  });

  it.each([0.0625, 0.25, 0.7, 1, 2.5, 16])('draw gamma numbers of shape %d', (shape) => {
    const { mean, variation } = momentsOf(drawn(COUNT, gammaSampler(createSeededRandom(`g${shape}`), shape)));
    expect(mean / shape).toBeGreaterThan(0.96);
    expect(mean / shape).toBeLessThan(1.04);
    expect(variation * Math.sqrt(shape)).toBeGreaterThan(0.97);
    expect(variation * Math.sqrt(shape)).toBeLessThan(1.03);
  });

  it('draw gamma numbers with the law of shape 1 and 2, not only its moments', () => {
    const one = drawn(COUNT, gammaSampler(createSeededRandom('one'), 1));
    expect(distance(one, (value) => 1 - Math.exp(-value))).toBeLessThan(DISTANCE_MAX);
    const two = drawn(COUNT, gammaSampler(createSeededRandom('two'), 2));
    expect(distance(two, (value) => 1 - Math.exp(-value) * (1 + value))).toBeLessThan(DISTANCE_MAX);
  });

  it('draw gamma numbers below a shape of 1 with the law of ½, that of half a squared normal number', () => {
    const half = drawn(COUNT, gammaSampler(createSeededRandom('half'), 0.5));
    const squares = drawn(COUNT, normalSampler(createSeededRandom('squares'))).map((value) => value ** 2 / 2);
    const sorted = [...squares].sort((left, right) => left - right);
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
      const bound = sorted[Math.floor(share * COUNT)] ?? 0;
      expect(half.filter((value) => value < bound).length / COUNT).toBeCloseTo(share, 2);
    }
  });

  it.each([0.5, 1, 3])('draw Weibull numbers of shape %d', (shape) => {
    const values = drawn(COUNT, weibullSampler(createSeededRandom(`w${shape}`), shape));
    expect(distance(values, (value) => 1 - Math.exp(-(value ** shape)))).toBeLessThan(DISTANCE_MAX);
    const { mean, variation } = momentsOf(values);
    expect(mean / weibullMean(shape)).toBeCloseTo(1, 1);
    expect(variation / weibullVariation(shape)).toBeCloseTo(1, 1);
  });

  it.each([0.05, 0.5, 1, 2, 4, 20])('find the Weibull law that varies by %d', (variation) => {
    expect(weibullVariation(weibullShapeOf(variation))).toBeCloseTo(variation, 6);
  });

  it('know that the Weibull law of shape 1 varies as the exponential one', () => {
    expect(weibullShapeOf(1)).toBeCloseTo(1, 9);
  });
});
