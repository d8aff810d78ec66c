/**
 * What a token is here. Every count of the stand-in comes from this one function: CountTokens, usage and deltas.
 *
 * A token is a run of at most sixteen white-space characters together with what follows it: up to six letters,
 * up to three digits, one character of a script that writes without spaces, or one other character. The
 * pieces joined are the text, and cutting a text between two tokens never changes the count of either half.
 */
const TOKEN =
  /\s{0,16}(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{M}]){1,6}|\p{N}{1,3}|[^\s\p{L}\p{M}\p{N}])|\s{1,16}/gu;

/** The text in tokens, in order, nothing lost. */
export function tokenize(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** Tokens in a text; 0 for the empty one. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
