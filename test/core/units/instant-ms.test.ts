import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INSTANT_MS_MAX, isInstantMs, isoOfInstant } from '#core/units/instant-ms.ts';

describe('an instant', () => {
  it('is written as the platform writes it, from 1970 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: INSTANT_MS_MAX }), (at) => {
        expect(isoOfInstant(at)).toBe(new Date(at).toISOString());
      }),
      { numRuns: 2000 },
    );
  });

  it('survives leap days and the ends of years', () => {
    const texts = [
      '1970-01-01T00:00:00.000Z',
      '2000-02-29T23:59:59.999Z',
      '2100-03-01T00:00:00.000Z',
      '2026-12-31T23:59:59.999Z',
    ];
    for (const text of texts) expect(isoOfInstant(Date.parse(text))).toBe(text);
  });

  it('is a whole number of milliseconds inside four-digit years', () => {
    expect([0, 1_760_000_000_000, INSTANT_MS_MAX].every(isInstantMs)).toBe(true);
    expect([-1, 0.5, Number.NaN, INSTANT_MS_MAX + 1, '0', null].some(isInstantMs)).toBe(false);
  });
});
