import { invariant } from '#core/units/invariant.ts';

/**
 * A quantity that stays what it is until it is set: a queue's length, copies, money a second. Each value weighs as long as it
 * held (the time average of Law, "Simulation Modeling and Analysis", section 1.4).
 */
export class TimeWeighted {
  readonly #bounds: readonly number[];
  readonly #aboveMs: number[];
  readonly #fromMs: number;
  #atMs: number;
  #value: number;
  #area = 0;
  #most: number;

  /**
   * @param fromMs when it begins
   * @param value from then on
   * @param bounds for each, how long the quantity is above it is kept
   */
  constructor(fromMs: number, value: number, bounds: readonly number[] = []) {
    this.#fromMs = fromMs;
    this.#atMs = fromMs;
    this.#value = value;
    this.#most = value;
    this.#bounds = bounds;
    this.#aboveMs = bounds.map(() => 0);
  }

  /** The quantity as it is. */
  get value(): number {
    return this.#value;
  }

  /** The most that it ever was, if only for a moment. */
  get most(): number {
    return this.#most;
  }

  /** @param atMs not before the last call */
  set(atMs: number, value: number): void {
    this.#pass(atMs);
    this.#value = value;
    if (value > this.#most) this.#most = value;
  }

  /** Value times milliseconds, up to then. */
  area(untilMs: number): number {
    this.#pass(untilMs);
    return this.#area;
  }

  /** NaN where no time has gone by. */
  average(untilMs: number): number {
    return this.area(untilMs) / (untilMs - this.#fromMs);
  }

  /** The share of time above one of the bounds that were named at the start. NaN where no time has gone by. */
  shareAbove(bound: number, untilMs: number): number {
    const index = this.#bounds.indexOf(bound);
    invariant(
      index >= 0,
      () => `${bound} is none of the bounds that are watched: ${this.#bounds.join(', ')}`,
    );
    this.#pass(untilMs);
    return (this.#aboveMs[index] ?? 0) / (untilMs - this.#fromMs);
  }

  #pass(atMs: number): void {
    const heldMs = atMs - this.#atMs;
    invariant(heldMs >= 0, 'a quantity is set in the order of time');
    this.#area += this.#value * heldMs;
    for (let index = 0; index < this.#bounds.length; index += 1) {
      if (this.#value > (this.#bounds[index] ?? 0))
        this.#aboveMs[index] = (this.#aboveMs[index] ?? 0) + heldMs;
    }
    this.#atMs = atMs;
  }
}
