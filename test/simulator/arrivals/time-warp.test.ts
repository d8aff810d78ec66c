import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeWarp } from '#simulator/arrivals/time-warp.ts';

const piece = (fromMs: number, toMs: number, rateFrom: number, rateTo: number) => ({
  fromMs,
  toMs,
  rateFrom,
  rateTo,
});

describe('operational time', () => {
  it('runs as fast as the rate', () => {
    const warp = createTimeWarp([piece(0, 100, 1, 1), piece(100, 200, 0, 0), piece(200, 300, 2, 2)]);
    expect(warp.expected).toBe(300);
    expect(warp.timeOf(50)).toBe(50);
    expect(warp.timeOf(100)).toBe(200);
    expect(warp.timeOf(200)).toBe(250);
    expect(warp.timeOf(300)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is the exact inverse of what is expected on a slope', () => {
    const rate = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0, max: 0.999, noNaN: true }), (rateFrom, rateTo, share) => {
        const warp = createTimeWarp([piece(1000, 2000, rateFrom, rateTo)]);
        fc.pre(warp.expected > 1e-6);
        const asked = share * warp.expected;
        const after = warp.timeOf(asked) - 1000;
        const expected = rateFrom * after + ((rateTo - rateFrom) * after * after) / 2000;
        expect(Math.abs(expected - asked)).toBeLessThan(1e-6 * Math.max(1, asked));
      }),
    );
  });
});
