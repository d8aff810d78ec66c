/**
 * How far the lines of batches are, in numbers. An adapter writes them as embedded metrics into the log stream: no call,
 * never throws. No tenant's data, no text.
 */
interface ModelRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  /** A logical model of the configuration. */
  readonly model: string;
}

export interface ChunkRecord extends ModelRecord {
  /** How long a dispatcher had it. */
  readonly heldMs: number;
  /** Since its batch was made. */
  readonly ageSeconds: number;
  /** Lines that ended with it: 0 where it goes back to its queue, however many of them have been answered. */
  readonly completed: number;
  readonly failed: number;
  /** Calls that were under way when a dispatcher before this one died. */
  readonly repeatedCalls: number;
}

export interface BatchMetrics {
  /** The file of a batch was read and found good: so many lines wait. */
  accepted(record: ModelRecord & { readonly lines: number }): void;
  /** A dispatcher is done with a chunk, or gives it back. */
  chunkLeft(record: ChunkRecord): void;
}
