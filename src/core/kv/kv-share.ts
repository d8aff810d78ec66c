/** A share is told for minutes, as Application Auto Scaling reads it. */
const MINUTE_MS = 60_000;

/**
 * What one request held of the cache: its tokens × time over all tokens that could be lent for a minute. The sum of those
 * that ended within a minute is the mean share that was reserved, however many processes told of them.
 */
export function kvShareHeld(request: {
  readonly kvTokens: number;
  readonly heldMs: number;
  /** Of all copies, what this gateway region may lend at a time; above 0. */
  readonly lendableTokens: number;
}): number {
  return (request.kvTokens * request.heldMs) / (request.lendableTokens * MINUTE_MS);
}
