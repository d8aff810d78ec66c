import type { UnitPrice } from '../facts/compile-aws-prices.ts';
import { invariant } from '../units/invariant.ts';
import { type MicroUsd, microUsdOfPico } from '../units/micro-usd.ts';

/** What one kind of use in one stack comes to in a month. */
export interface BillLine {
  /** The price's id: `lambda-duration`. */
  readonly item: string;
  /** What is used: `discover`, `observations`. */
  readonly of: string;
  /** Whole units of the price. */
  readonly quantity: number;
  readonly microUsd: MicroUsd;
}

const PICO_USD_PER_MICRO_USD = 1_000_000n;

/** Exact up to the line, which is rounded half-even once to whole micro-USD: a column of lines adds up. */
export function billLine(price: UnitPrice, of: string, quantity: number): BillLine {
  const whole = Math.ceil(quantity);
  invariant(Number.isSafeInteger(whole) && whole >= 0, 'a quantity is a whole number from 0');
  const picoUsd = (BigInt(price.microUsd) * PICO_USD_PER_MICRO_USD * BigInt(whole)) / BigInt(price.per);
  return { item: price.id, of, quantity: whole, microUsd: microUsdOfPico(picoUsd) };
}
