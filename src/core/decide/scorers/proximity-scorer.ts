import { distanceBetween } from '../../plan/order-from.ts';
import type { Scorer } from '../decision.ts';

const scores = { 0: 10_000, 1: 7500, 2: 5000, 3: 0 } as const;

/** Own region, own country, a jurisdiction in common, the rest: the distance that `orderFrom` publishes. */
export const proximityScorer: Scorer = {
  name: 'proximity',
  weight: 50,
  standing: true,
  scoreBps: ({ target }, { gatewayRegion, facts }) =>
    scores[distanceBetween(target.region, gatewayRegion, facts)],
};
