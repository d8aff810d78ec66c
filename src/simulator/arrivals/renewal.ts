import { invariant } from '#core/units/invariant.ts';
import type { Random } from '#core/units/random.ts';
import {
  exponentialSampler,
  gammaSampler,
  type Sampler,
  weibullMean,
  weibullSampler,
  weibullShapeOf,
} from './samplers.ts';

/**
 * How arrivals follow each other. `variation` is the deviation of the gaps over their mean: 1 is Poisson, below it arrivals
 * are regular, above it they come in bunches. Of one variation, a Weibull law has the longer pauses.
 */
export type Process =
  | { readonly law: 'poisson' }
  /** Every gap the same. */
  | { readonly law: 'regular' }
  /** @param variation from 0.05 to 20 */
  | { readonly law: 'gamma'; readonly variation: number }
  /** @param variation from 0.05 to 20 */
  | { readonly law: 'weibull'; readonly variation: number };

/** Gaps between arrivals with mean 1: a renewal process in operational time, one arrival expected per unit. */
export function gapSampler(process: Process, random: Random): Sampler {
  if (process.law === 'poisson') return exponentialSampler(random);
  if (process.law === 'regular') return () => 1;
  const { law, variation } = process;
  invariant(variation >= 0.05 && variation <= 20, 'gaps vary by 0.05 to 20 times their mean');
  if (law === 'gamma') {
    const shape = 1 / (variation * variation);
    const sample = gammaSampler(random, shape);
    return () => sample() / shape;
  }
  const shape = weibullShapeOf(variation);
  const mean = weibullMean(shape);
  const sample = weibullSampler(random, shape);
  return () => sample() / mean;
}
