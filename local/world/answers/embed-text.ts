import { hashText } from './hash.ts';

/**
 * A vector for a text, near to those of texts with the same words and letters: words, pairs of words and letter
 * trigrams are hashed into the dimensions. Unit length unless asked otherwise. It knows spelling, not meaning.
 */
export function embedText(text: string, dimensions: number, unitLength = true): readonly number[] {
  const vector = new Float64Array(dimensions);
  for (const [feature, weight] of features(text)) {
    const hash = hashText(feature, 7);
    const at = hash % dimensions;
    vector[at] = (vector[at] ?? 0) + (hash & 0x8000_0000 ? weight : -weight);
  }
  if (vector.every((value) => value === 0)) vector[hashText(text, 7) % dimensions] = 1;
  const length = Math.hypot(...vector);
  return Array.from(vector, (value) => Math.fround(unitLength ? value / length : value));
}

function features(text: string): ReadonlyMap<string, number> {
  const words =
    text
      .toLowerCase()
      .normalize('NFKC')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const found = new Map<string, number>();
  const add = (feature: string, weight: number) => found.set(feature, (found.get(feature) ?? 0) + weight);
  words.forEach((word, index) => {
    add(`w ${word}`, 1);
    if (index > 0) add(`p ${words[index - 1]} ${word}`, 0.5);
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) add(`t ${padded.slice(at, at + 3)}`, 0.35);
  });
  // A word said ten times is not ten times as important.
  return new Map([...found].map(([feature, weight]) => [feature, Math.sqrt(weight)]));
}
