import { describe, expect, it } from 'vitest';
import { modelSloSchema, sloSchema } from '#contract/slo.ts';

describe('what callers are promised', () => {
  it('is three nines and a first token in two seconds for most, unless it says otherwise', () => {
    expect(sloSchema.parse({})).toEqual({ availability: 0.999, firstTokenMs: 2_000, firstTokenShare: 0.95 });
    expect(modelSloSchema.parse({ firstTokenMs: 6_000 })).toEqual({ firstTokenMs: 6_000 });
  });

  it.each([
    [{ availability: 1 }, 'must be a number from 0.5 to 0.99999'],
    [{ firstTokenShare: 95 }, 'must be a number from 0.5 to 0.999'],
    [{ firstTokenMs: 0 }, 'must be a whole number from 1 to 900000'],
    [{ costUsdPerDayMax: 0 }, 'must be a number from 0.01 to 1000000000'],
  ])('refuses %j: no budget would be left to spend', (given, message) => {
    expect(sloSchema.safeParse(given).error?.issues[0]?.message).toBe(message);
  });
});
