/**
 * core/tokens: how many tokens a text is likely to be, before a model says so.
 *
 * No vocabulary is carried: tokenizers cut a text at the same places first (words, groups of digits, runs of signs,
 * white space), and how many tokens such a piece becomes depends on little more than its script, case and length. So a
 * text is counted once into pieces by kind, and each family of models has a price for each kind.
 *
 * Invariant: one pass, no copies of the text; the same text gives the same number. The folder owns no state.
 */

/** Kinds of pieces that are priced. Words that follow a space are cheaper than words inside something. */
export const pieceKinds = [
  'short-word',
  'middle-word',
  'long-word',
  'longer-word',
  'letter-beyond',
  'glued-short-word',
  'glued-middle-word',
  'glued-long-word',
  'glued-longer-word',
  'foreign-short-word',
  'foreign-middle-word',
  'foreign-long-word',
  'foreign-longer-word',
  'foreign-letter-beyond',
  'accent',
  'capitals',
  'capital-letter',
  'digit-group',
  'digit',
  'sign-run',
  'further-sign',
  'space-run',
  'line-break',
  'han',
  'hiragana',
  'katakana',
  'hangul',
  'cyrillic-word',
  'cyrillic-letter',
  'alphabet-letter',
  'abugida-letter',
  'run-token',
  'other-sign',
] as const;

export type PieceKind = (typeof pieceKinds)[number];

/** How many pieces of each kind, in the order of `pieceKinds`. */
export type TextShape = Float64Array;

export const indexOfKind = Object.fromEntries(pieceKinds.map((kind, index) => [kind, index])) as Readonly<
  Record<PieceKind, number>
>;

export function emptyShape(): TextShape {
  return new Float64Array(pieceKinds.length);
}
