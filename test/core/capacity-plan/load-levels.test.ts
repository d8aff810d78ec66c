import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadLevels } from '#core/capacity-plan/load-levels.ts';
import { totalOf } from '#core/capacity-plan/traffic.ts';

const bin = (requests: number, seconds = 60) => ({
  seconds,
  requests,
  inputTokens: requests * 9,
  outputTokens: requests,
});

describe('levels of load', () => {
  it('are the bins by falling rate, idle time in one', () => {
    expect(loadLevels([bin(1), bin(0), bin(6, 120), bin(4), bin(0)])).toEqual([
      bin(4),
      bin(6, 120),
      bin(1),
      bin(0, 120),
    ]);
  });

  it('are few, lose nothing, and keep the busiest apart from the rest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 400 }), (counts) => {
        const bins = counts.map((count) => bin(count));
        const levels = loadLevels(bins);
        expect(levels.length).toBeLessThanOrEqual(48);
        expect(totalOf(levels)).toEqual(totalOf(bins));
        const rates = levels.map(({ requests, seconds }) => requests / seconds);
        expect(rates).toEqual([...rates].sort((left, right) => right - left));
      }),
      { numRuns: 60 },
    );
  });
});
