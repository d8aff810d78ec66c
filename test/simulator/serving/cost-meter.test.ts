import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import parameters from '#data/engine-parameters.json' with { type: 'json' };
import { CostMeter, microUsdOfCopyTime, microUsdOfWindows } from '#simulator/serving/cost-meter.ts';

describe('costs', () => {
  it('of tokens are exact, however many calls make them up', () => {
    const sums = fc.array(fc.record({ tokens: fc.nat(200_000), price: fc.nat(30_000_000) }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(sums, (all) => {
        const meter = new CostMeter();
        for (const { tokens, price } of all) meter.addTokens(tokens, price);
        const exact = all.reduce((sum, { tokens, price }) => sum + BigInt(tokens) * BigInt(price), 0n);
        const distance = exact - BigInt(meter.microUsd) * 1_000_000n;
        expect(distance <= 500_000n && distance >= -500_000n).toBe(true);
      }),
    );
    const day = new CostMeter();
    for (let call = 0; call < 100_000; call += 1) day.addTokens(100_001, 3_000_001);
    expect(day.microUsd).toBe(Number((100_000n * 100_001n * 3_000_001n) / 1_000_000n));
    expect(() => day.addTokens(0.5, 3)).toThrow('no exact sum');
  });

  it('of copies and of windows are those that were published', () => {
    expect(microUsdOfCopyTime(3_600_000, 2_605_400)).toBe(2_605_400);
    const { windowSeconds, unitsPerCopy, microUsdPerUnitMinute } = parameters.imported;
    const hour = microUsdOfWindows(12, {
      windowMs: windowSeconds.value * 1_000,
      unitsPerCopy: unitsPerCopy.value,
      microUsdPerUnitMinute: microUsdPerUnitMinute.value,
    });
    expect(hour).toBe(4_710_000);
  });
});
