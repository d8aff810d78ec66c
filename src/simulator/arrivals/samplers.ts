/**
 * Numbers by a law of chance. Each answers one number a call, from the `Random` that it was made with, and none keeps more
 * than a few numbers of state.
 */

import { invariant } from '#core/units/invariant.ts';
import type { Random } from '#core/units/random.ts';
import { logGamma } from '../statistics/log-gamma.ts';

export type Sampler = () => number;

/** Exponential with mean 1, by inversion. */
export function exponentialSampler(random: Random): Sampler {
  return () => -Math.log(1 - random.next());
}

/** Normal with mean 0 and deviation 1, by Marsaglia's polar method (SIAM Review 6, 1964); the second of a pair is kept. */
export function normalSampler(random: Random): Sampler {
  let kept = 0;
  let isKept = false;
  return () => {
    if (isKept) {
      isKept = false;
      return kept;
    }
    for (;;) {
      const x = 2 * random.next() - 1;
      const y = 2 * random.next() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const stretch = Math.sqrt((-2 * Math.log(square)) / square);
      kept = y * stretch;
      isKept = true;
      return x * stretch;
    }
  };
}

/**
 * Gamma with scale 1, so that mean and variance are the shape, by Marsaglia and Tsang, "A simple method for generating
 * gamma variables" (ACM TOMS 26, 2000); below a shape of 1 by their boost, Γ(a) = Γ(a + 1) · U^(1/a).
 *
 * @param shape above 0
 */
export function gammaSampler(random: Random, shape: number): Sampler {
  invariant(shape > 0, 'the shape of a gamma law is above 0');
  const normal = normalSampler(random);
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const atLeastOne = (): number => {
    for (;;) {
      const x = normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = 1 - random.next();
      if (u < 1 - 0.0331 * x ** 4 || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  };
  if (shape >= 1) return atLeastOne;
  return () => atLeastOne() * (1 - random.next()) ** (1 / shape);
}

/**
 * Weibull with scale 1, by inversion.
 *
 * @param shape above 0
 */
export function weibullSampler(random: Random, shape: number): Sampler {
  invariant(shape > 0, 'the shape of a Weibull law is above 0');
  const exponential = exponentialSampler(random);
  return () => exponential() ** (1 / shape);
}

/** The mean of a Weibull law of scale 1: Γ(1 + 1/shape). */
export const weibullMean = (shape: number): number => Math.exp(logGamma(1 + 1 / shape));

/** A Weibull law's deviation over its mean: √(Γ(1 + 2/shape) / Γ(1 + 1/shape)² − 1). */
export function weibullVariation(shape: number): number {
  return Math.sqrt(Math.exp(logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape)) - 1);
}

/**
 * The shape at which a Weibull law has that deviation over its mean, by bisection: it falls as the shape grows.
 *
 * @param variation from 0.02 to 50
 */
export function weibullShapeOf(variation: number): number {
  invariant(variation >= 0.02 && variation <= 50, 'a Weibull law is asked for variations from 0.02 to 50');
  let low = Math.log(0.1);
  let high = Math.log(100);
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (weibullVariation(Math.exp(middle)) > variation) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
