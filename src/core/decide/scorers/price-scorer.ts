import type { Candidate, Scorer } from '../decision.ts';
import { leastOf } from '../least-of.ts';

/** The cheapest candidate gets all, one at twice its price half. An unknown price gets nothing. */
export const priceScorer: Scorer = {
  name: 'price',
  weight: 1,
  best: (peers) => leastOf(peers, priceOf),
  common: (_question, cheapest) => (cheapest === undefined ? 0 : undefined),
  scoreBps: (candidate, _question, cheapest) => {
    const price = priceOf(candidate);
    if (price === undefined || cheapest === undefined) return 0;
    return price <= 0 ? 10_000 : Math.floor((cheapest * 10_000) / price);
  },
};

/** Input and output at equal weight: only an order is wanted. */
function priceOf({ target: { pricing } }: Candidate): number | undefined {
  if (pricing === null || pricing.inputMicroUsdPerMillionTokens === null) return undefined;
  return pricing.outputMicroUsdPerMillionTokens === null
    ? undefined
    : pricing.inputMicroUsdPerMillionTokens + pricing.outputMicroUsdPerMillionTokens;
}
