import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { lengthSampler, lengthsSampler } from '#simulator/arrivals/lengths.ts';
import { drawn } from '#test/builders/sample-moments.ts';

const sorted = (values: readonly number[]): readonly number[] =>
  [...values].sort((left, right) => left - right);

describe('lengths', () => {
  it('have the median and the 95th percentile that were asked for', () => {
    const spec = { law: 'lognormal', median: 1_020, p95: 4_083 } as const;
    const values = sorted(drawn(50_000, lengthSampler(spec, createSeededRandom('lengths'))));
    expect((values[25_000] ?? 0) / 1_020).toBeCloseTo(1, 1);
    expect((values[47_500] ?? 0) / 4_083).toBeCloseTo(1, 1);
    expect(values.every(Number.isInteger)).toBe(true);
  });

  it('are cut to their bounds, and are never below one token', () => {
    const spec = { law: 'lognormal', median: 10, p95: 1_000, tokensMax: 50 } as const;
    const values = sorted(drawn(5_000, lengthSampler(spec, createSeededRandom('cut'))));
    expect([values[0], values.at(-1)]).toEqual([1, 50]);
    expect(lengthSampler({ law: 'fixed', tokens: 0.2 }, createSeededRandom(1))()).toBe(1);
  });

  it('are those that were seen, each as often', () => {
    const sample = lengthSampler({ law: 'empirical', tokens: [5, 5, 9] }, createSeededRandom('seen'));
    const values = drawn(30_000, sample);
    expect(values.filter((value) => value === 5).length / 30_000).toBeCloseTo(2 / 3, 1);
    expect(new Set(values)).toEqual(new Set([5, 9]));
  });

  it('keep what binds a prompt to its answer where they come in pairs', () => {
    const pairs = [
      { inputTokens: 100, outputTokens: 1 },
      { inputTokens: 2, outputTokens: 900 },
    ];
    const sample = lengthsSampler({ pairs }, createSeededRandom('pairs'));
    expect(new Set(Array.from({ length: 100 }, sample))).toEqual(new Set(pairs));
  });
});
