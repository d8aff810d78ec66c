import type { Pricing } from '../target.ts';
import { invariant } from './invariant.ts';

/** Whole micro-USD (USD 1 = 1,000,000). A price is micro-USD per million tokens: USD 3.30 = 3,300,000. */
export type MicroUsd = number;

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

/**
 * What a request costs, in integer pico-USD: exact. Undefined where a price that the request needs is unknown; cached
 * tokens without a price of their own cost what input costs. Counts must be whole and not negative.
 */
export function picoUsdOfRequest(pricing: Pricing | null, counts: TokenCounts): bigint | undefined {
  const inputPrice = pricing?.inputMicroUsdPerMillionTokens ?? null;
  const parts = [
    product(counts.inTokens, inputPrice),
    product(counts.outTokens, pricing?.outputMicroUsdPerMillionTokens ?? null),
    product(counts.cacheReadTokens ?? 0, pricing?.cacheReadMicroUsdPerMillionTokens ?? inputPrice),
    product(counts.cacheWriteTokens ?? 0, pricing?.cacheWriteMicroUsdPerMillionTokens ?? inputPrice),
  ];
  let sum = 0n;
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part !== 0) sum += BigInt(part);
  }
  return sum;
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

/** What a request costs, in whole micro-USD, rounded half-even once. Undefined where a needed price is unknown. */
export function microUsdOfRequest(pricing: Pricing | null, counts: TokenCounts): MicroUsd | undefined {
  const picoUsd = picoUsdOfRequest(pricing, counts);
  return picoUsd === undefined ? undefined : microUsdOfPico(picoUsd);
}

/** Exact: a number where a double holds it, at a tenth of the price. */
function product(tokens: number, price: MicroUsd | null): number | bigint | undefined {
  invariant(Number.isSafeInteger(tokens) && tokens >= 0, 'a token count is a whole number from 0');
  if (price === null) return tokens === 0 ? 0 : undefined;
  invariant(Number.isSafeInteger(price) && price >= 0, 'a price is whole micro-USD from 0');
  const rounded = tokens * price;
  return Number.isSafeInteger(rounded) ? rounded : BigInt(tokens) * BigInt(price);
}
