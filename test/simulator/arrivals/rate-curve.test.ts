import { describe, expect, it } from 'vitest';
import { type RateSpec, ratePieces } from '#simulator/arrivals/rate-curve.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Nothing by night, most at 14:00. */
const hours = Array.from({ length: 24 }, (_, hour) => Math.max(0, 7 - Math.abs(hour - 14)));

function expectedBetween(spec: RateSpec, fromMs: number, toMs: number): number {
  return ratePieces(spec, toMs)
    .filter((piece) => piece.fromMs >= fromMs)
    .reduce((sum, piece) => sum + ((piece.rateFrom + piece.rateTo) / 2) * (piece.toMs - piece.fromMs), 0);
}

describe('a rate over a run', () => {
  it('has its mean over a day, whatever its hours', () => {
    expect(expectedBetween({ perSecond: 3, hours }, 0, DAY_MS)).toBeCloseTo(3 * 86_400, 6);
    expect(expectedBetween({ perSecond: 3, hours, utcOffsetHours: 5.5 }, 0, DAY_MS)).toBeCloseTo(
      3 * 86_400,
      6,
    );
    expect(expectedBetween({ perSecond: 3 }, 0, DAY_MS)).toBeCloseTo(3 * 86_400, 6);
  });

  it.each([
    [0, 0, 14],
    [-8, 0, 22],
    [5.5, 0, 8.5],
    [9, 0, 5],
    [0, 6, 8],
  ])(
    'is highest at 14:00 local time: %d h ahead of UTC, begun at %d h',
    (utcOffsetHours, startsAtUtcHour, peak) => {
      const pieces = ratePieces({ perSecond: 1, hours, utcOffsetHours, startsAtUtcHour }, DAY_MS);
      const top = pieces.reduce((best, piece) => (piece.rateTo > best.rateTo ? piece : best));
      expect(top.toMs / HOUR_MS).toBeCloseTo(peak, 9);
    },
  );

  it('is tenfold in a burst, and only there', () => {
    const burst = { fromMs: HOUR_MS, lengthMs: 60_000, factor: 10 };
    const spec = { perSecond: 2, bursts: [burst] };
    expect(expectedBetween(spec, 0, 2 * HOUR_MS)).toBeCloseTo(2 * (7_200 + 9 * 60), 6);
    const inside = ratePieces(spec, 2 * HOUR_MS).find(({ fromMs }) => fromMs === HOUR_MS);
    expect([inside?.rateFrom, inside?.rateTo, inside?.toMs]).toEqual([0.02, 0.02, HOUR_MS + 60_000]);
  });

  it('rises to a burst and falls from it in straight lines, over a day’s slope as well', () => {
    const burst = { fromMs: 10 * HOUR_MS, lengthMs: 1_200_000, factor: 10, riseMs: 300_000, fallMs: 600_000 };
    // Half of the extra on the slopes: 9 × (150 + 300 + 300) s.
    expect(expectedBetween({ perSecond: 2, bursts: [burst] }, 0, DAY_MS)).toBeCloseTo(
      2 * (86_400 + 6_750),
      3,
    );
    const pieces = ratePieces({ perSecond: 2, hours, bursts: [burst] }, DAY_MS);
    const rates = pieces.filter(
      ({ fromMs }) => fromMs >= burst.fromMs && fromMs < burst.fromMs + burst.riseMs,
    );
    expect(rates.length).toBeGreaterThanOrEqual(10);
    expect(rates.every(({ rateFrom, rateTo }) => rateTo > rateFrom)).toBe(true);
  });

  it('refuses a day of 23 hours', () => {
    expect(() => ratePieces({ perSecond: 1, hours: hours.slice(1) }, DAY_MS)).toThrow('24');
  });
});
