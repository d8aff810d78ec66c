/** What the last proof of a target showed. One per target; written by verify alone. */
export interface Verification {
  readonly target: string;
  /** Epoch milliseconds of the last proof. */
  readonly at: number;
  /**
   * `answered`: it gave a token. `refused`: the target's own fault (no access, no such model). `inconclusive`:
   * throttled, out of capacity, broken or out of reach: it says nothing about access.
   */
  readonly outcome: 'answered' | 'refused' | 'inconclusive';
  readonly errorName?: string | undefined;
  /** When the present row of answers began; undefined after a refusal. */
  readonly answeringSince?: number | undefined;
  /** Refusals in a row, from 0. */
  readonly refusals: number;
}
