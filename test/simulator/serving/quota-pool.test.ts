import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotaPool } from '#simulator/serving/quota-pool.ts';

const quota = { requestsPerMinute: 6, tokensPerMinute: 6_000, outputBurndown: 5 };

describe('a pool of quota', () => {
  it('takes input and the longest answer at the start, and gives back what was not used', () => {
    const pool = new QuotaPool(quota);
    const call = { inputTokens: 1_000, outputTokensMax: 4_000 };
    expect([pool.take(0, call), pool.tokens(0)]).toEqual([true, 1_000]);
    pool.settle(0, call, { inputTokens: 1_000, outputTokens: 100 });
    expect(pool.tokens(0)).toBe(6_000 - 1_000 - 500);
  });

  it('owes what burned-down output used beyond what was taken', () => {
    const pool = new QuotaPool(quota);
    const call = { inputTokens: 1_000, outputTokensMax: 4_000 };
    pool.take(0, call);
    pool.settle(0, call, { inputTokens: 1_000, outputTokens: 2_000 });
    expect(pool.tokens(0)).toBe(-5_000);
    expect(pool.take(50_000, { inputTokens: 1, outputTokensMax: 0 })).toBe(false);
    expect(pool.take(50_010, { inputTokens: 1, outputTokensMax: 0 })).toBe(true);
  });

  it('has so many requests a minute too, and fills evenly up to a minute’s worth', () => {
    const pool = new QuotaPool(quota, 1_000);
    const small = { inputTokens: 1, outputTokensMax: 1 };
    const taken = Array.from({ length: 8 }, () => pool.take(1_000, small));
    expect(taken.filter(Boolean)).toHaveLength(6);
    expect([pool.take(10_999, small), pool.take(11_000, small), pool.take(11_000, small)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(pool.tokens(10_000_000)).toBe(6_000);
  });

  it('never grants more in a time than it had and what came since', () => {
    const calls = fc.array(
      fc.record({ gapMs: fc.nat(20_000), inputTokens: fc.nat(3_000), outputTokensMax: fc.nat(3_000) }),
    );
    fc.assert(
      fc.property(calls, (all) => {
        const pool = new QuotaPool(quota);
        let [atMs, tokens, requests] = [0, 0, 0];
        for (const { gapMs, ...call } of all) {
          atMs += gapMs;
          if (!pool.take(atMs, call)) continue;
          tokens += call.inputTokens + call.outputTokensMax;
          requests += 1;
        }
        expect(tokens).toBeLessThanOrEqual(6_000 + (6_000 * atMs) / 60_000 + 1e-6);
        expect(requests).toBeLessThanOrEqual(6 + (6 * atMs) / 60_000 + 1e-6);
      }),
    );
  });
});
