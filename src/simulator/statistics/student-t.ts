import { invariant } from '#core/units/invariant.ts';
import { logGamma } from './log-gamma.ts';

/** Steps after which the continued fraction has converged for all that is asked here. */
const FRACTION_STEPS_MAX = 500;
const TINY = 1e-300;

/**
 * The share of Student's law below t: 1 − I(ν / (ν + t²); ν/2, 1/2) / 2 for t of 0 or more (Abramowitz and Stegun, 26.7.1).
 *
 * @param freedom degrees of freedom, above 0
 */
export function studentShareBelow(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t >= 0 ? 1 - tail : tail;
}

/**
 * The t below which a share of Student's law lies, by bisection, within 1e-9.
 *
 * @param share from 0.5, included, to 1, excluded
 * @param freedom degrees of freedom, 1 or more
 */
export function studentQuantile(share: number, freedom: number): number {
  invariant(
    share >= 0.5 && share < 1 && freedom >= 1,
    'a share from 0.5 to 1, and one degree of freedom at least',
  );
  let high = 1;
  while (studentShareBelow(high, freedom) < share) high *= 2;
  let low = 0;
  while (high - low > 1e-9 * Math.max(1, high)) {
    const middle = (low + high) / 2;
    if (studentShareBelow(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function I(x; a, b), by Lentz's continued fraction (Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  // The fraction converges fast below the law's mean; above it, the other tail's does.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= FRACTION_STEPS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-14) break;
  }
  return fraction;
}
