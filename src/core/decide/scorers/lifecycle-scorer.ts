import type { Scorer } from '../decision.ts';

/** Models that are on their way out come after active ones. */
export const lifecycleScorer: Scorer = {
  name: 'lifecycle',
  weight: 3,
  standing: true,
  scoreBps: ({ target }) => (target.lifecycle === 'ACTIVE' ? 10_000 : 0),
};
