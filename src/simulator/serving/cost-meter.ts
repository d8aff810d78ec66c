import { microUsdOfPico } from '#core/units/micro-usd.ts';

/** A sum of money that is exact: a million pico-USD are one micro-USD. */
export class CostMeter {
  #microUsd = 0;
  /** Below one micro-USD. */
  #picoUsd = 0;

  /**
   * Adds tokens at a price. A token at one micro-USD per million tokens costs one pico-USD.
   *
   * @param tokens whole; times the price below 2⁵³, or a million tokens at USD 9,000 per million
   */
  addTokens(tokens: number, microUsdPerMillionTokens: number): void {
    const picoUsd = tokens * microUsdPerMillionTokens;
    if (!Number.isSafeInteger(picoUsd) || picoUsd < 0)
      throw new RangeError(`${tokens} tokens at ${microUsdPerMillionTokens} are no exact sum of money.`);
    const sum = this.#picoUsd + (picoUsd % PICO_PER_MICRO);
    this.#picoUsd = sum % PICO_PER_MICRO;
    this.#microUsd += Math.floor(picoUsd / PICO_PER_MICRO) + Math.floor(sum / PICO_PER_MICRO);
  }

  /** Rounded once, half to even. */
  get microUsd(): number {
    return this.#microUsd + microUsdOfPico(BigInt(this.#picoUsd));
  }
}

const PICO_PER_MICRO = 1_000_000;
const HOUR_MS = 3_600_000;

/** What copies cost that were paid for so long altogether, in whole micro-USD. SageMaker bills by the second; here nothing is rounded up. */
export function microUsdOfCopyTime(paidCopyMs: number, microUsdPerHour: number): number {
  return Math.round((paidCopyMs / HOUR_MS) * microUsdPerHour);
}

/** What windows of an imported model cost, in whole micro-USD. */
export function microUsdOfWindows(
  windows: number,
  price: { readonly windowMs: number; readonly unitsPerCopy: number; readonly microUsdPerUnitMinute: number },
): number {
  return Math.round((windows * price.windowMs * price.unitsPerCopy * price.microUsdPerUnitMinute) / 60_000);
}
