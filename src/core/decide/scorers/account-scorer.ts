import type { Scorer } from '../decision.ts';

/**
 * Of baseline targets the gateway's own account comes first: it needs no assumed role and still answers when STS does
 * not. Says nothing of other tiers.
 */
export const accountScorer: Scorer = {
  name: 'account',
  weight: 120,
  standing: true,
  scoreBps: ({ target, tier }, { gatewayAccount }) =>
    tier !== 'baseline' || target.account === gatewayAccount ? 10_000 : 0,
};
