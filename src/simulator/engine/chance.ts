import { createSeededRandom, type Random } from '#core/units/random.ts';

/**
 * All chance of one run, from one seed. Each consumer draws from a stream of its own, so that one more draw in one place
 * moves nothing anywhere else.
 */
export class Chance {
  readonly seed: string;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** @param name unique to the consumer */
  stream(name: string): Draw {
    return new Draw(createSeededRandom(`${this.seed}/${name}`));
  }
}

/** One stream of chance. */
export class Draw implements Random {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): number {
    return this.#random.next();
  }

  /** @param share from 0, never, to 1, always */
  happens(share: number): boolean {
    return this.#random.next() < share;
  }

  /** A number from `least` (included) to `most` (excluded). */
  between(least: number, most: number): number {
    return least + (most - least) * this.#random.next();
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor((most - least + 1) * this.#random.next());
  }

  /** @param choices at least one */
  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[Math.floor(choices.length * this.#random.next())] as Choice;
  }

  /** Each of them with that chance, in their order. */
  some<Choice>(choices: readonly Choice[], share: number): readonly Choice[] {
    return choices.filter(() => this.happens(share));
  }

  /** Exponential, as between two events of a Poisson process. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random.next());
  }
}
