import type { Scope } from '../../target.ts';
import type { Scorer } from '../decision.ts';

const scores: Readonly<Record<Scope, number>> = {
  dedicated: 10_000,
  'in-region': 10_000,
  geo: 9000,
  global: 0,
};

/**
 * A smaller reach is better: less can go wrong with a prompt that moves less. Weighed so that a global profile stays
 * behind all others and nearness decides between in-region and geographic ones, as `orderFrom` promises.
 */
export const scopeScorer: Scorer = {
  name: 'scope',
  weight: 60,
  standing: true,
  scoreBps: ({ target }) => scores[target.scope],
};
