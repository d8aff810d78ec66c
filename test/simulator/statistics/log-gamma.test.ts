import { describe, expect, it } from 'vitest';
import { logGamma } from '#simulator/statistics/log-gamma.ts';

describe('ln Γ', () => {
  it('is that of factorials and of halves', () => {
    expect(logGamma(1)).toBeCloseTo(0, 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(0.1)).toBeCloseTo(Math.log(9.513507698668732), 12);
  });
});
