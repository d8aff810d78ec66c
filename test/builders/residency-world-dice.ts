/** Choices from a seed, for generated worlds. */
import { createSeededRandom } from '#core/units/random.ts';

export interface Dice {
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  between(minimum: number, maximum: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** Each item with this probability, in the order given. */
  some<Item>(items: readonly Item[], probability: number): Item[];
  atLeastOne<Item>(items: readonly Item[], probability: number): Item[];
  shuffle<Item>(items: readonly Item[]): Item[];
}

export function createDice(seed: string): Dice {
  const random = createSeededRandom(seed);
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const pick = <Item>(items: readonly Item[]): Item => {
    const index = below(items.length);
    if (index >= items.length) throw new Error('there is nothing to pick from');
    return items[index] as Item;
  };
  const some = <Item>(items: readonly Item[], probability: number): Item[] =>
    items.filter(() => random.next() < probability);
  return {
    chance: (probability) => random.next() < probability,
    between: (minimum, maximum) => minimum + below(maximum - minimum + 1),
    pick,
    some,
    atLeastOne: (items, probability) => {
      const chosen = some(items, probability);
      return chosen.length > 0 ? chosen : [pick(items)];
    },
    shuffle: (items) => {
      const order = items.map((item) => ({ item, at: random.next() }));
      return order.sort((one, other) => one.at - other.at).map(({ item }) => item);
    },
  };
}
