import { invariant } from '#core/units/invariant.ts';
import type { Random } from '#core/units/random.ts';

/** One of several, by weight. */
export interface Weighted<Choice> {
  readonly choice: Choice;
  /** 0 or more; the chance is the weight over the sum of all. */
  readonly weight: number;
}

/** One choice a call: inversion over the running sum, found by halving. */
export function weightedChoice<Choice>(choices: readonly Weighted<Choice>[], random: Random): () => Choice {
  const sums: number[] = [];
  let sum = 0;
  for (const { weight } of choices) {
    invariant(weight >= 0, 'a weight is 0 or more');
    sum += weight;
    sums.push(sum);
  }
  const last = choices.at(-1)?.choice;
  invariant(last !== undefined && sum > 0, 'there is something to choose, and some weight is above 0');
  return () => {
    const drawn = random.next() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return choices[low]?.choice ?? last;
  };
}
