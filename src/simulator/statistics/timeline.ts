import { invariant } from '#core/units/invariant.ts';

/** What happens over a run, in slots of equal length: the points of a picture. */
export class Timeline {
  readonly slotMs: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  /** @param slots at least 1; what lies after the last is left out */
  constructor(slotMs: number, slots: number) {
    invariant(slotMs > 0 && slots >= 1, 'a timeline has slots of some length');
    this.slotMs = slotMs;
    this.#sums = new Float64Array(slots);
    this.#counts = new Float64Array(slots);
  }

  /** The middle of each slot, in milliseconds of the run. */
  timesMs(): readonly number[] {
    return Array.from(this.#sums, (_, slot) => (slot + 0.5) * this.slotMs);
  }

  /** Something of that size happened then. @param amount 1 to count */
  add(atMs: number, amount = 1): void {
    const slot = Math.floor(atMs / this.slotMs);
    if (slot < 0 || slot >= this.#sums.length) return;
    this.#sums[slot] = (this.#sums[slot] ?? 0) + amount;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** A quantity had that value from then till then: each slot gets its part of it. */
  hold(fromMs: number, toMs: number, value: number): void {
    const last = Math.min(this.#sums.length - 1, Math.ceil(toMs / this.slotMs) - 1);
    for (let slot = Math.max(0, Math.floor(fromMs / this.slotMs)); slot <= last; slot += 1) {
      const heldMs = Math.min(toMs, (slot + 1) * this.slotMs) - Math.max(fromMs, slot * this.slotMs);
      this.#sums[slot] = (this.#sums[slot] ?? 0) + (value * Math.max(0, heldMs)) / this.slotMs;
    }
  }

  /** Per slot: the sum of what happened, or the average of what was held. */
  sums(): readonly number[] {
    return Array.from(this.#sums);
  }

  /** Per slot: the mean size of what happened, 0 where nothing did. */
  means(): readonly number[] {
    return Array.from(this.#sums, (sum, slot) => {
      const count = this.#counts[slot] ?? 0;
      return count === 0 ? 0 : sum / count;
    });
  }

  /** Per slot: the sum of it and of all before. */
  running(): readonly number[] {
    let sum = 0;
    return Array.from(this.#sums, (amount) => {
      sum += amount;
      return sum;
    });
  }
}
