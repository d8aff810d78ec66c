import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissibleTokens, inBlocks, kvTokensOfRequest } from '#core/kv/kv-tokens.ts';

describe('the tokens to reserve', () => {
  it('are whole blocks of 16', () => {
    expect([0, 1, 16, 17].map(inBlocks)).toEqual([0, 16, 16, 32]);
    expect(kvTokensOfRequest({ inputTokens: 100, outputTokens: 50 })).toBe(160);
    expect(kvTokensOfRequest({ inputTokens: 100, outputTokens: 50, fixedTokens: 128 })).toBe(288);
  });

  it('never cover less than what is asked for, and a block more at the most', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (inputTokens, outputTokens) => {
        const reserved = kvTokensOfRequest({ inputTokens, outputTokens });
        expect(reserved).toBeGreaterThanOrEqual(inputTokens + outputTokens);
        expect(reserved).toBeLessThan(inputTokens + outputTokens + 16);
      }),
    );
  });
});

describe('what of a pool may be reserved', () => {
  it('is nine tenths, in whole blocks', () => {
    expect(admissibleTokens(1_600)).toBe(1_440);
    expect(admissibleTokens(29_000)).toBe(26_096);
    fc.assert(
      fc.property(fc.nat(10_000_000), (pool) => {
        const admissible = admissibleTokens(pool);
        expect(admissible).toBeLessThanOrEqual(pool * 0.9);
        expect(admissible).toBeGreaterThan(pool * 0.9 - 16);
      }),
    );
  });
});
