/** Keyed hashes under one pepper, or two while one follows the other, which the port's adapter holds and never shows. */
export interface KeyHasher {
  /** Tells the pepper of new hashes from another one, and says nothing of it: 12 lower-case hex digits. */
  readonly pepperId: string;
  /** True for the pepper of new hashes and for the one before it, where that is still taken. */
  knows(pepperId: string): boolean;
  /** HMAC-SHA-256 of the text's UTF-8 bytes under the present pepper, as 64 lower-case hex digits. */
  hash(text: string): string;
  /**
   * True when `apiKey` has this hash under the pepper of this id, and the present one where the id is not known. How
   * long it takes depends on neither: no byte of either can be guessed by time.
   */
  matches(apiKey: string, known: { readonly hash: string; readonly pepperId: string }): boolean;
}
