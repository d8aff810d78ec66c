/**
 * A pure model of an inference engine: how long a prompt waits, when its first token appears, and how fast
 * the rest follow. Used by the local stand-in and by the simulator, never by the product.
 *
 * Invariant: no clock, no chance, no input or output. Whoever uses it owns the state and the time.
 */

/** What one deployed engine can do. All durations are real milliseconds, before any scaling for a demo. */
export interface Engine {
  /** Fixed cost of a request before prefill begins: routing, tokenisation, scheduling. */
  readonly overheadMs: number;
  /** Prompt tokens that prefill works off in one second. */
  readonly prefillTokensPerSecond: number;
  /** Time between two output tokens of a request that runs alone. */
  readonly outputTokenMs: number;
  /** Requests that may share a batch before one more slows each of them by the whole of `outputTokenMs`. */
  readonly batchKnee: number;
  /** From the order to start a copy until it serves: pull the image, load the weights, warm up. */
  readonly coldStartMs: number;
}

/**
 * An engine of middle size: about 120 ms of overhead and 50 output tokens a second alone, which is what
 * a hosted chat model of this size shows from outside. The numbers set a demo's rhythm; they are no benchmark.
 */
export const MIDDLE_ENGINE: Engine = {
  overheadMs: 120,
  prefillTokensPerSecond: 8_000,
  outputTokenMs: 20,
  batchKnee: 64,
  coldStartMs: 60_000,
};

/** An engine that makes vectors: one pass over the text, in the 50 ms class. */
export const EMBEDDING_ENGINE: Engine = { ...MIDDLE_ENGINE, overheadMs: 45 };

/** Milliseconds from the start of service to the first output token. */
export function firstTokenMs(engine: Engine, inputTokens: number): number {
  return engine.overheadMs + (inputTokens * 1_000) / engine.prefillTokensPerSecond;
}

/**
 * Milliseconds between two output tokens while `running` requests (this one included) share the batch.
 * Decoding is bound by memory: a batch is free at first and costs in proportion beyond the knee.
 */
export function tokenIntervalMs(engine: Engine, running: number): number {
  return engine.outputTokenMs * (1 + Math.max(0, running - 1) / engine.batchKnee);
}

/** Milliseconds from the start of service until `outputTokens` tokens are out. */
export function serviceMs(
  engine: Engine,
  request: { readonly inputTokens: number; readonly outputTokens: number; readonly running: number },
): number {
  const afterFirst = Math.max(0, request.outputTokens - 1);
  return firstTokenMs(engine, request.inputTokens) + afterFirst * tokenIntervalMs(engine, request.running);
}
