/**
 * Keyed hashes under a key that this process drew for itself: they tell the beginnings of conversations apart, mean
 * nothing to another process, and are neither stored nor logged.
 */
export interface ConversationHasher {
  /** The first link of a chain: a keyed hash of the text's UTF-8 bytes. */
  begin(text: string): string;
  /** The chain one text longer. Whoever does not know the link before it cannot make it. */
  extend(link: string, text: string): string;
}
