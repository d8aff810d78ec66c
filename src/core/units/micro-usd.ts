import { invariant } from './invariant.ts';

/** Whole micro-USD (USD 1 = 1,000,000). A price is micro-USD per million tokens: USD 3.30 = 3,300,000. */
export type MicroUsd = number;

/** Price of one target. All amounts in integer micro-USD per million tokens. */
export interface TokenPricing {
  readonly in: MicroUsd;
  readonly out: MicroUsd;
  /** @default - cached input tokens cost what input costs */
  readonly cacheRead?: MicroUsd;
  /** @default - tokens written to the cache cost what input costs */
  readonly cacheWrite?: MicroUsd;
}

/** Tokens of one request by kind; the four kinds do not overlap. */
export interface TokenCounts {
  readonly inTokens: number;
  readonly outTokens: number;
  /** @default 0 */
  readonly cacheReadTokens?: number;
  /** @default 0 */
  readonly cacheWriteTokens?: number;
}

/**
 * One token at a price of p micro-USD per million tokens costs p pico-USD (10⁻⁶ × 10⁻⁶), so a request is summed
 * without any fraction and rounded once.
 */
const PICO_USD_PER_MICRO_USD = 1_000_000n;

/** What a request costs, in integer pico-USD: exact. Counts and prices must be whole and not negative. */
export function picoUsdOfRequest(pricing: TokenPricing, counts: TokenCounts): bigint {
  return (
    product(counts.inTokens, pricing.in) +
    product(counts.outTokens, pricing.out) +
    product(counts.cacheReadTokens ?? 0, pricing.cacheRead ?? pricing.in) +
    product(counts.cacheWriteTokens ?? 0, pricing.cacheWrite ?? pricing.in)
  );
}

/** Rounds half to even, so that many small requests do not drift upwards. */
export function microUsdOfPico(picoUsd: bigint): MicroUsd {
  invariant(picoUsd >= 0n, 'an amount of money is not negative');
  const whole = picoUsd / PICO_USD_PER_MICRO_USD;
  const twiceRest = 2n * (picoUsd % PICO_USD_PER_MICRO_USD);
  const up =
    twiceRest > PICO_USD_PER_MICRO_USD || (twiceRest === PICO_USD_PER_MICRO_USD && whole % 2n === 1n);
  return Number(up ? whole + 1n : whole);
}

/** What a request costs, in whole micro-USD, rounded half-even once. */
export function microUsdOfRequest(pricing: TokenPricing, counts: TokenCounts): MicroUsd {
  return microUsdOfPico(picoUsdOfRequest(pricing, counts));
}

function product(tokens: number, price: MicroUsd): bigint {
  invariant(Number.isSafeInteger(tokens) && tokens >= 0, 'a token count is a whole number from 0');
  invariant(Number.isSafeInteger(price) && price >= 0, 'a price is whole micro-USD from 0');
  return BigInt(tokens) * BigInt(price);
}
