/** What targets write: text of which only the length means anything. */

const CHARACTERS_PER_TOKEN = 4;
const text = 'abc '.repeat(65_536);

/** @param tokens at most as many as one piece of an answer has, 65,536 */
export function textOfTokens(tokens: number): string {
  return text.slice(0, tokens * CHARACTERS_PER_TOKEN);
}

export function tokensOfText(piece: string): number {
  return Math.round(piece.length / CHARACTERS_PER_TOKEN);
}
