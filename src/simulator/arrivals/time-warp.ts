import type { RatePiece } from './rate-curve.ts';

/** Turns operational time, in which one arrival is expected per unit, into the time of the run. */
export interface TimeWarp {
  /** Arrivals that are expected in all of the run. */
  readonly expected: number;
  /**
   * When that many arrivals are expected to have come; infinity from `expected` on. Each call asks for the same or a later
   * number than the call before.
   */
  timeOf(arrivals: number): number;
}

/**
 * The exact inverse of the expected count, Λ⁻¹, of a rate in straight pieces. A renewal process run in operational time and
 * read through it has the rate of the curve at every moment, and keeps its gaps' variation at every rate, which thinning
 * would not (Gerhardt and Nelson, "Transforming renewal processes for simulation of nonstationary arrival processes",
 * INFORMS Journal on Computing 21, 2009).
 */
export function createTimeWarp(pieces: readonly RatePiece[]): TimeWarp {
  const expected = pieces.reduce((sum, piece) => sum + areaOf(piece), 0);
  let index = 0;
  let before = 0;
  return {
    expected,
    timeOf: (arrivals) => {
      for (;;) {
        const piece = pieces[index];
        if (piece === undefined) return Number.POSITIVE_INFINITY;
        const area = areaOf(piece);
        if (arrivals < before + area) return timeInside(piece, arrivals - before);
        before += area;
        index += 1;
      }
    },
  };
}

const areaOf = ({ fromMs, toMs, rateFrom, rateTo }: RatePiece): number =>
  ((rateFrom + rateTo) / 2) * (toMs - fromMs);

/** Solves rateFrom · t + slope · t² / 2 = area for t, in the form that loses no digits where the slope is nearly 0. */
function timeInside({ fromMs, toMs, rateFrom, rateTo }: RatePiece, area: number): number {
  const slope = (rateTo - rateFrom) / (toMs - fromMs);
  const root = Math.sqrt(Math.max(0, rateFrom * rateFrom + 2 * slope * area));
  const divisor = rateFrom + root;
  return divisor === 0 ? fromMs : Math.min(toMs, fromMs + (2 * area) / divisor);
}
