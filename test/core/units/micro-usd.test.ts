import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '#core/units/invariant.ts';
import { microUsdOfPico, microUsdOfRequest, picoUsdOfRequest } from '#core/units/micro-usd.ts';

const pricing = {
  inputMicroUsdPerMillionTokens: 3_300_000,
  outputMicroUsdPerMillionTokens: 16_500_000,
  cacheReadMicroUsdPerMillionTokens: 330_000,
  cacheWriteMicroUsdPerMillionTokens: 4_125_000,
};

describe('money', () => {
  it('costs a million tokens exactly their price', () => {
    expect(microUsdOfRequest(pricing, { inTokens: 1_000_000, outTokens: 0 })).toBe(3_300_000);
    expect(microUsdOfRequest(pricing, { inTokens: 0, outTokens: 1_000_000 })).toBe(16_500_000);
  });

  it('sums all four kinds of token before it rounds', () => {
    const counts = { inTokens: 1, outTokens: 1, cacheReadTokens: 1, cacheWriteTokens: 1 };
    expect(picoUsdOfRequest(pricing, counts)).toBe(24_255_000n);
    expect(microUsdOfRequest(pricing, counts)).toBe(24);
  });

  it('charges cached tokens as input where no cache price is known', () => {
    const plain = { inputMicroUsdPerMillionTokens: 2_000_000, outputMicroUsdPerMillionTokens: 1 };
    expect(
      microUsdOfRequest(plain, { inTokens: 0, outTokens: 0, cacheReadTokens: 3, cacheWriteTokens: 4 }),
    ).toBe(14);
  });

  it('is unknown only when a price that the request needs is unknown', () => {
    const embedding = { inputMicroUsdPerMillionTokens: 20_000, outputMicroUsdPerMillionTokens: null };
    expect(microUsdOfRequest(embedding, { inTokens: 1_000_000, outTokens: 0 })).toBe(20_000);
    expect(microUsdOfRequest(embedding, { inTokens: 1, outTokens: 1 })).toBeUndefined();
    expect(microUsdOfRequest(null, { inTokens: 1, outTokens: 0 })).toBeUndefined();
  });

  it('rounds half to even', () => {
    expect([500_000n, 1_500_000n, 2_500_000n, 2_500_001n, 499_999n].map(microUsdOfPico)).toEqual([
      0, 2, 2, 3, 0,
    ]);
  });

  it('is never off by more than half a micro-USD', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (pico) => {
        const error = BigInt(microUsdOfPico(pico)) * 1_000_000n - pico;
        expect(error <= 500_000n && error >= -500_000n).toBe(true);
      }),
    );
  });

  it('refuses counts that are not whole numbers and prices below nothing', () => {
    expect(() => picoUsdOfRequest(pricing, { inTokens: 0.5, outTokens: 0 })).toThrow(InvariantError);
    expect(() =>
      picoUsdOfRequest({ ...pricing, inputMicroUsdPerMillionTokens: -1 }, { inTokens: 1, outTokens: 0 }),
    ).toThrow(InvariantError);
    expect(() => microUsdOfPico(-1n)).toThrow(InvariantError);
  });
});
