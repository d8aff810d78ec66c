import type { Engine } from './engine.ts';
import { kvBytesOf } from './kv-bytes.ts';

/** vLLM's own: memory is handed out in blocks of so many tokens. */
const BLOCK_TOKENS = 16;
/** What of a pool is handed out: the rest is for answers that grow longer than expected. */
const ADMISSIBLE_SHARE = 0.9;

/** Whole blocks that so many tokens take, in tokens. */
export function inBlocks(tokens: number): number {
  return Math.ceil(tokens / BLOCK_TOKENS) * BLOCK_TOKENS;
}

/** Tokens that fit into the cache of one copy; 0 where the weights leave no room. */
export function poolTokens(engine: Engine): number {
  const { gpus, gpuMemoryBytes, utilisation, overheadBytesPerGpu, weightBytes } = engine;
  const free = gpus * (gpuMemoryBytes * utilisation - overheadBytesPerGpu) - weightBytes;
  return wholeBlocks(Math.max(0, free / kvBytesOf(engine).perToken));
}

/** Tokens of a pool that may be reserved at a time. */
export function admissibleTokens(pool: number): number {
  return wholeBlocks(pool * ADMISSIBLE_SHARE);
}

/** What the windowed layers of one sequence take beside its tokens, as tokens; 0 for most models. */
export function fixedTokensOf(engine: Pick<Engine, 'attention' | 'kvFormat' | 'tensorParallel'>): number {
  const { perToken, perSequenceMax } = kvBytesOf(engine);
  return inBlocks(perSequenceMax / perToken);
}

/** Tokens of cache to reserve for a call: what it reads, and what it is expected to write. */
export function kvTokensOfRequest(request: {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of each sequence, whatever its length. @default 0 */
  readonly fixedTokens?: number | undefined;
}): number {
  return inBlocks(request.inputTokens + request.outputTokens) + (request.fixedTokens ?? 0);
}

function wholeBlocks(tokens: number): number {
  return Math.floor(tokens / BLOCK_TOKENS) * BLOCK_TOKENS;
}
