import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { exponentialSampler, normalSampler } from '#simulator/arrivals/samplers.ts';
import {
  bootstrapInterval,
  type Interval,
  meanInterval,
  pairedDifference,
  pairedRatio,
  quantileInterval,
} from '#simulator/statistics/intervals.ts';
import { drawn } from '#test/builders/sample-moments.ts';

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** In which share of 1,000 trials the interval holds the truth. */
function coverage(truth: number, trial: () => Interval): number {
  const held = Array.from({ length: 1_000 }, trial).filter(({ low, high }) => low <= truth && truth <= high);
  return held.length / 1_000;
}

describe('intervals', () => {
  it('of a mean are Student’s', () => {
    const { value, low, high } = meanInterval([1, 2, 3, 4]);
    expect(value).toBe(2.5);
    expect(high - value).toBeCloseTo(3.1824 * Math.sqrt(5 / 3 / 4), 3);
    expect(value - low).toBeCloseTo(high - value, 9);
    expect(meanInterval([7])).toEqual({
      value: 7,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  it('of a mean hold it in 95 of 100 cases', () => {
    const normal = normalSampler(createSeededRandom('mean'));
    const held = coverage(0, () => meanInterval(drawn(8, normal)));
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.97);
  });

  it('of pairs leave out what a seed does to both', () => {
    const normal = normalSampler(createSeededRandom('pairs'));
    const theirs = drawn(20, () => 100 + 50 * normal());
    const ours = theirs.map((value) => value - 10 + normal());
    const { low, high } = pairedDifference(ours, theirs);
    expect(low).toBeLessThan(-10);
    expect(high).toBeGreaterThan(-10);
    expect(high - low).toBeLessThan(2);
  });

  it('of ratios are of the geometric mean', () => {
    const { value, low, high } = pairedRatio([1, 4], [2, 2]);
    expect(value).toBeCloseTo(1, 12);
    expect(low * high).toBeCloseTo(1, 6);
    expect(() => pairedRatio([0], [1])).toThrow('above 0');
  });

  it('of a quantile lie between the ranks of the tables', () => {
    // The median of 10: the 2nd and the 9th value, with 97.9 % confidence.
    const values = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect(quantileInterval(values, 0.5)).toEqual({ value: 5, low: 2, high: 9 });
    expect(quantileInterval(values, 0.99).high).toBe(Number.POSITIVE_INFINITY);
  });

  it('of a quantile hold it in 95 of 100 cases at least, whatever the law', () => {
    const exponential = exponentialSampler(createSeededRandom('quantile'));
    const held = coverage(Math.log(10), () => quantileInterval(drawn(100, exponential), 0.9));
    expect(held).toBeGreaterThan(0.94);
  });

  it('by the bootstrap come near to Student’s for a mean', () => {
    const values = drawn(60, normalSampler(createSeededRandom('bootstrap')));
    const told = bootstrapInterval(values, meanOf, { random: createSeededRandom(1) });
    const student = meanInterval(values);
    expect(told.value).toBe(student.value);
    expect(told.low / student.low).toBeCloseTo(1, 0);
    expect(told.high - told.low).toBeGreaterThan(0.8 * (student.high - student.low));
    expect(told.high - told.low).toBeLessThan(1.1 * (student.high - student.low));
  });
});
