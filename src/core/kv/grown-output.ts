/**
 * Output tokens to reserve for an answer that has outgrown what was expected of it: twice what it has come to. Of answers
 * with a long tail, one that is this long already is as likely as not to become twice as long; and a reservation that
 * doubles is told a few times, however long the answer becomes.
 *
 * @param writtenTokens at least what was reserved
 * @param maxTokens no answer is longer
 */
export function grownOutput(writtenTokens: number, maxTokens: number): number {
  return Math.min(maxTokens, 2 * Math.max(1, writtenTokens));
}
