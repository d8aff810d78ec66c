import { describe, expect, it } from 'vitest';
import {
  neverFitsQuota,
  quotaTokensAtStart,
  quotaTokensUsed,
  tokensPerMinuteOf,
} from '#core/limits/quota-charge.ts';

describe('what a call takes from a token quota', () => {
  it('is its input and its longest answer when it begins', () => {
    expect(quotaTokensAtStart({ inputTokens: 1_000, maxTokens: 4_096 })).toBe(5_096);
  });

  it('is what it used in the end: writes to a cache count, reads do not, output as often as the model says', () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 200,
      cacheReadInputTokens: 9_000,
      cacheWriteInputTokens: 50,
    };
    expect(quotaTokensUsed(usage, 1)).toBe(350);
    expect(quotaTokensUsed(usage, 5)).toBe(1_150);
    expect(quotaTokensUsed(usage, 10)).toBe(2_150);
  });

  it('is more than a pool ever brings where its answer and what its input surely has are', () => {
    const fits = (inputTokens: number, maxTokens: number) =>
      !neverFitsQuota({ inputTokens, maxTokens }, 10_000);
    expect([fits(1_000, 9_000), fits(1_000, 9_200), fits(1_000, 9_201)]).toEqual([true, true, false]);
    expect([fits(12_500, 0), fits(12_501, 0)]).toEqual([true, false]);
  });

  it('is not known of a tier that was bought', () => {
    const target = { quotaTokensPerMinute: 1_000 };
    expect(tokensPerMinuteOf(target, undefined)).toBe(1_000);
    for (const shared of ['default', 'priority', 'flex'])
      expect(tokensPerMinuteOf(target, shared)).toBe(1_000);
    expect(tokensPerMinuteOf(target, 'reserved')).toBeUndefined();
    expect(tokensPerMinuteOf({}, undefined)).toBeUndefined();
  });
});
