/** Longest text of an upstream that a caller is shown. */
const LENGTH_MAX = 400;

/**
 * An upstream's sentence about the caller's own fault, without what it may tell of our accounts: ARNs, account ids,
 * role sessions and addresses are taken out and the rest is cut to 400 characters.
 */
export function redactUpstreamText(text: string): string {
  return text
    .replace(/arn:[\w-]*:[^\s"',;)]*/g, '(resource)')
    .replace(/\b\d{12}\b/g, '(account)')
    .replace(/https?:\/\/[^\s"',;)]*/g, '(address)')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LENGTH_MAX);
}
