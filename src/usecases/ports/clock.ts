/** Time as a port: use cases never read a clock of their own. */
export interface Clock {
  /** Epoch milliseconds. May jump back by the skew of a machine; use `monotonicMs` to measure. */
  now(): number;
  /** Milliseconds that never go back, from an arbitrary origin. */
  monotonicMs(): number;
  /** Resolves after `milliseconds` (0 or more); rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` once after `milliseconds` (0 or more), unless what it answers is called first. */
  after(milliseconds: number, action: () => void): () => void;
}
