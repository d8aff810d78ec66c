import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogHistogram } from '#simulator/statistics/log-histogram.ts';

function histogramOf(values: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}
const values = fc.array(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), { minLength: 1 });

describe('the histogram', () => {
  it('tells any quantile within half a percent', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 1e-6, max: 1, noNaN: true }), (all, share) => {
        const sorted = [...all].sort((left, right) => left - right);
        const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? Number.NaN;
        const told = histogramOf(all).quantile(share) ?? Number.NaN;
        expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(0.005 + 1e-9);
      }),
    );
  });

  it('adds up over parts', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const merged = histogramOf(one);
        merged.merge(histogramOf(other));
        const whole = histogramOf([...one, ...other]);
        expect(merged.curve()).toEqual(whole.curve());
        expect([merged.count, merged.least, merged.most]).toEqual([whole.count, whole.least, whole.most]);
        expect(merged.mean / whole.mean).toBeCloseTo(1, 9);
      }),
    );
  });

  it('draws a curve that ends at one, and tells the share above a bound', () => {
    const histogram = histogramOf([0, 10, 10, 1_000]);
    expect(histogram.curve().map(({ share }) => share)).toEqual([0.25, 0.75, 1]);
    expect([histogram.shareAbove(100), histogram.shareAbove(1_000), histogram.shareAbove(1)]).toEqual([
      0.25, 0, 0.75,
    ]);
    expect([histogram.mean, histogram.least, histogram.most]).toEqual([255, 0, 1_000]);
  });

  it('knows nothing of nothing, and refuses what is below 0', () => {
    expect([new LogHistogram().quantile(0.5), new LogHistogram().shareAbove(1)]).toEqual([undefined, 0]);
    expect(() => histogramOf([-1])).toThrow('0 or more');
    expect(() => histogramOf([Number.NaN])).toThrow('0 or more');
  });
});
