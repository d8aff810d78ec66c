import type { Scorer } from '../decision.ts';

/**
 * The target that last served the beginning of this conversation: a provider's prompt cache is per region. Outweighs
 * nearness, pace, price, lifecycle and the step from a geographic profile to one region together, and never trouble.
 * Says nothing of global profiles, which may run anywhere, and of baselines, whose own account comes first.
 */
export const affinityScorer: Scorer = {
  name: 'affinity',
  weight: 62,
  common: ({ lastServedBy }) => (lastServedBy === undefined ? 0 : undefined),
  scoreBps: ({ target, tier }, { lastServedBy }) =>
    target.id === lastServedBy && target.scope !== 'global' && tier !== 'baseline' ? 10_000 : 0,
};
