import { stableHash } from './stable-hash.ts';

/** A source of chance, always passed in. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded), of 32 bits. */
  next(): number;
}

const TWO_TO_32 = 4_294_967_296;

/**
 * A generator that gives the same numbers for the same seed on every machine. Not for secrets.
 *
 * Holds its state: one generator, one consumer.
 */
export function createSeededRandom(seed: number | string): Random {
  // Weyl sequence plus a multiplicative mix: full period 2^32, one word of state, exact in 32-bit arithmetic.
  let state = stableHash(String(seed));
  return {
    next: () => {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      mixed ^= mixed >>> 15;
      return (mixed >>> 0) / TWO_TO_32;
    },
  };
}
