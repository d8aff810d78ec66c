import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Correction, correctBy, corrected, uncorrected } from '#core/tokens/correct-estimate.ts';

const correctedBy = (reports: number, ratio: number, from: Correction = uncorrected): Correction =>
  Array.from({ length: reports }).reduce<Correction>(
    (standing) => correctBy(standing, { estimated: 1_000, told: 1_000 * ratio }),
    from,
  );

describe('a corrected estimate', () => {
  it('is the estimate until a target tells otherwise', () => {
    expect(corrected(1_000, uncorrected)).toBe(1_000);
  });

  it('comes near what targets tell', () => {
    expect(corrected(1_000, correctedBy(1, 1.3))).toBeLessThan(1_150);
    expect(corrected(1_000, correctedBy(50, 1.3))).toBeGreaterThan(1_270);
    expect(corrected(1_000, correctedBy(200, 0.7, correctedBy(50, 1.3)))).toBeLessThan(720);
  });

  it('is off by a factor of 2.5 at the most, whatever a container says', () => {
    const told = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(told, (reports) => {
        const standing = reports.reduce<Correction>(
          (before, each) => correctBy(before, { estimated: 1_000, told: each }),
          uncorrected,
        );
        expect(corrected(1_000, standing)).toBeLessThanOrEqual(2_501);
        expect(corrected(1_000, standing)).toBeGreaterThanOrEqual(400);
      }),
    );
  });

  it('is moved little by one lie after many truths', () => {
    const lied = correctBy(correctedBy(100, 1), { estimated: 1_000, told: 1e9 });
    expect(corrected(1_000, lied)).toBeLessThan(1_030);
  });

  it('takes nothing from the smallest calls', () => {
    expect(correctBy(uncorrected, { estimated: 10, told: 30 })).toEqual(uncorrected);
  });
});
