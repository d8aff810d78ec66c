import type { Scorer } from '../decision.ts';

/**
 * A source region that has just failed this request comes after regions that have not: a dark region must not eat
 * the request's attempts one target after the other. Outweighs all others together.
 */
export const troubleScorer: Scorer = {
  name: 'trouble',
  weight: 300,
  common: ({ troubledRegions }) => (troubledRegions.size === 0 ? 10_000 : undefined),
  scoreBps: ({ target }, { troubledRegions }) => (troubledRegions.has(target.region) ? 0 : 10_000),
};
