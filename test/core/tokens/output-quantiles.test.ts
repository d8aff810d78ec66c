import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addLength,
  addLengths,
  expectedOutput,
  noLengths,
  OUTPUT_TOKENS_UNSEEN,
  type OutputLengths,
  quantileOf,
} from '#core/tokens/output-quantiles.ts';

const seen = (lengths: readonly number[], from: OutputLengths = noLengths) => lengths.reduce(addLength, from);

const times = (count: number, of: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => of(index));

describe('the length of answers', () => {
  it('is unknown until twenty were seen, and then expected to be the default at the most', () => {
    const nineteen = seen(times(19, () => 100));
    expect(quantileOf(nineteen, 0.9)).toBeUndefined();
    expect(expectedOutput(nineteen, 10_000)).toBe(OUTPUT_TOKENS_UNSEEN);
    expect(expectedOutput(nineteen, 50)).toBe(50);
    expect(expectedOutput(addLength(nineteen, 100), 10_000)).toBeLessThan(120);
  });

  it('is never expected to be more than the call allows', () => {
    expect(expectedOutput(seen(times(100, () => 5_000)), 200)).toBe(200);
  });

  it('is within a bucket of the true quantile, and not below it', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 20, maxLength: 400 });
    fc.assert(
      fc.property(lengths, fc.constantFrom(0.5, 0.9), (values, share) => {
        const truth =
          [...values].sort((left, right) => left - right)[Math.ceil(share * values.length) - 1] ?? 0;
        const told = quantileOf(seen(values), share) ?? 0;
        expect(told).toBeGreaterThanOrEqual(Math.floor(truth * 0.99));
        expect(told).toBeLessThanOrEqual(truth * 2 ** 0.25 + 1);
      }),
    );
  });

  it('follows a change within a thousand answers', () => {
    const before = seen(times(2_000, () => 2_000));
    const after = seen(
      times(3_000, () => 100),
      before,
    );
    expect(quantileOf(before, 0.9)).toBeGreaterThan(1_900);
    expect(quantileOf(after, 0.9)).toBeLessThan(130);
  });

  it('takes no more memory with more answers', () => {
    const many = seen(times(5_000, (index) => index));
    expect(many.counts).toHaveLength(noLengths.counts.length);
    expect(many.weight).toBeLessThanOrEqual(513);
  });
});

describe('two lots of answers', () => {
  it('together are as heavy as one that forgets', () => {
    const heavy = seen(times(2_000, () => 2_000));
    const both = addLengths(heavy, heavy);
    expect(both.weight).toBeLessThanOrEqual(512);
    expect(both.weight).toBeGreaterThan(256);
    expect(both.counts.reduce((sum, each) => sum + each, 0)).toBeCloseTo(both.weight, 3);
    expect(both.answers).toBe(4_000);
    expect(quantileOf(both, 0.9)).toBe(quantileOf(heavy, 0.9));
  });
});
