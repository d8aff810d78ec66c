/** An operator's word, with the region that said it and its end. */
interface PlacedWord {
  readonly region: string;
  /** ISO 8601 UTC. */
  readonly until: string;
}

/**
 * One word for each region and subject, of several copies of the same words: the one that ends last. A copy that missed
 * an end holds on to what was said, and never the other way round. An end that cannot be read has not come.
 */
export function strictestWords<Word extends PlacedWord>(
  copies: readonly (readonly Word[])[],
  subjectOf: (word: Word) => string,
): readonly Word[] {
  const strictest = new Map<string, Word>();
  for (const word of copies.flat()) {
    const key = `${word.region} ${subjectOf(word)}`;
    const known = strictest.get(key);
    if (known === undefined || endOf(word) > endOf(known)) strictest.set(key, word);
  }
  return [...strictest.values()];
}

function endOf({ until }: PlacedWord): number {
  const end = Date.parse(until);
  return Number.isNaN(end) ? Infinity : end;
}
