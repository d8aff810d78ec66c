/** The least of the values that are known; undefined when none is. Builds no list: it is asked for every candidate. */
export function leastOf<Item>(
  items: readonly Item[],
  known: (item: Item) => number | undefined,
): number | undefined {
  let least: number | undefined;
  for (const item of items) {
    const value = known(item);
    if (value !== undefined && (least === undefined || value < least)) least = value;
  }
  return least;
}
