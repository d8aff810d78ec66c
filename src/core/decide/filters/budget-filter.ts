import { picoUsdOfRequest } from '../../units/micro-usd.ts';
import type { Filter } from '../decision.ts';

const PICO_USD_PER_MICRO_USD = 1_000_000n;

/** The most that the answer can cost, against the caller's cap. An unknown price is over every cap. */
export const budgetFilter: Filter = {
  name: 'budget',
  isIdle: ({ limits }) => limits.costMicroUsdMax === undefined,
  judge: ({ target, maxTokens }, { limits, needs }) => {
    if (limits.costMicroUsdMax === undefined) return undefined;
    if (needs.work === 'chat' && needs.pricedOtherwise) return 'price-unknown';
    const cost = picoUsdOfRequest(target.pricing, {
      inTokens: limits.inputTokensCeiling,
      outTokens: maxTokens,
    });
    if (cost === undefined) return 'price-unknown';
    return cost > BigInt(limits.costMicroUsdMax) * PICO_USD_PER_MICRO_USD ? 'budget-exhausted' : undefined;
  },
};
