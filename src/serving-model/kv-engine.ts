/**
 * An engine that batches continuously over a cache of blocks, as vLLM does: each iteration computes a few tokens of
 * every sequence, prompts in chunks, and a sequence that finds no block throws the youngest one out, whose tokens are
 * computed again later. That is what running out of memory costs.
 *
 * Values and steps; whoever uses it owns the state and the time.
 */

/** Tokens of a block of cache. */
export const KV_BLOCK_TOKENS = 16;

/** What one copy can do. Durations are real milliseconds. */
export interface KvEngine {
  readonly blocks: number;
  /** Sequences that run at a time at the most: `max_num_seqs`. */
  readonly sequencesMax: number;
  /** Tokens that one iteration computes at the most: `max_num_batched_tokens`. */
  readonly batchTokensMax: number;
  /** Tokens of one prompt in one iteration at the most: `long_prefill_token_threshold`. */
  readonly promptChunkMax: number;
  readonly prefillTokensPerSecond: number;
  /** Of an iteration in which one sequence runs. */
  readonly iterationMs: number;
  /** Sequences that cost an iteration as much again. */
  readonly batchKnee: number;
}

export interface KvSequence {
  readonly id: string;
  readonly inputTokens: number;
  /** 1 or more. */
  readonly outputTokens: number;
  /** Tokens of output that are out. */
  readonly written: number;
  /** Tokens that lie in the cache. */
  readonly cached: number;
}

export interface KvState {
  /** In the order in which they were let in. */
  readonly running: readonly KvSequence[];
  readonly waiting: readonly KvSequence[];
}

/** One iteration: the state after it, how long it took, and what came out of it. */
export interface KvStep {
  readonly state: KvState;
  readonly durationMs: number;
  /** Sequences whose first token is out. */
  readonly begun: readonly string[];
  readonly finished: readonly string[];
  /** Sequences that were thrown out for want of blocks. */
  readonly preempted: readonly string[];
}

export const idleKvState: KvState = { running: [], waiting: [] };

export function enterKv(
  state: KvState,
  request: Pick<KvSequence, 'id' | 'inputTokens' | 'outputTokens'>,
): KvState {
  const { id, inputTokens, outputTokens } = request;
  const sequence = { id, inputTokens, outputTokens, written: 0, cached: 0 };
  return { ...state, waiting: [...state.waiting, sequence] };
}

/** Blocks that all running sequences hold. */
export function blocksHeld({ running }: KvState): number {
  return running.reduce((sum, { cached }) => sum + blocksOf(cached), 0);
}

/** Nothing to do takes no time. */
export function iterateKv(engine: KvEngine, state: KvState): KvStep {
  const { planned, waiting, preempted } = plan(engine, state);
  const after = planned.map(({ sequence, tokens }) => computed(sequence, tokens));
  const prompts = planned.filter(({ sequence, tokens }) => isPrompt(sequence, tokens));
  const promptTokens = prompts.reduce((sum, { tokens }) => sum + tokens, 0);
  const isDone = ({ written, outputTokens }: KvSequence) => written >= outputTokens;
  return {
    state: { running: after.filter((each) => !isDone(each)), waiting },
    durationMs: durationMs(engine, planned.length, promptTokens),
    begun: after
      .filter((each, index) => each.written === 1 && planned[index]?.sequence.written === 0)
      .map(({ id }) => id),
    finished: after.filter(isDone).map(({ id }) => id),
    preempted,
  };
}

interface Planned {
  readonly sequence: KvSequence;
  /** To compute in this iteration; 0 where the batch is full. */
  readonly tokens: number;
}

interface Plan {
  readonly planned: readonly Planned[];
  readonly waiting: readonly KvSequence[];
  readonly preempted: readonly string[];
}

function plan(engine: KvEngine, { running, waiting }: KvState): Plan {
  const planned: Planned[] = [];
  const line = [...running];
  const thrown: KvSequence[] = [];
  let budget = engine.batchTokensMax;
  let free = engine.blocks - blocksHeld({ running, waiting });
  for (let sequence = line.shift(); sequence !== undefined; sequence = line.shift()) {
    const tokens = Math.min(engine.promptChunkMax, budget, missing(sequence));
    const wanted = blocksOf(sequence.cached + tokens) - blocksOf(sequence.cached);
    while (wanted > free && line.length > 0) free += throwOut(line, thrown);
    if (wanted > free) {
      free += throwOut([sequence], thrown);
      continue;
    }
    free -= wanted;
    budget -= tokens;
    planned.push({ sequence, tokens });
  }
  const left = [...thrown.reverse(), ...waiting];
  while (thrown.length === 0 && left[0] !== undefined && planned.length < engine.sequencesMax) {
    const tokens = Math.min(engine.promptChunkMax, budget, missing(left[0]));
    if (tokens === 0 || blocksOf(tokens) > free) break;
    free -= blocksOf(tokens);
    budget -= tokens;
    planned.push({ sequence: left[0], tokens });
    left.shift();
  }
  return { planned, waiting: left, preempted: thrown.map(({ id }) => id) };
}

/** Frees the blocks of the youngest one; what it had written must be read again. */
function throwOut(line: KvSequence[], thrown: KvSequence[]): number {
  const last = line.pop();
  if (last === undefined) return 0;
  thrown.push({ ...last, cached: 0 });
  return blocksOf(last.cached);
}

/** The next token comes out of the iteration that computes the last one that is there. */
function computed(sequence: KvSequence, tokens: number): KvSequence {
  const isWhole = tokens > 0 && tokens === missing(sequence);
  return {
    ...sequence,
    cached: sequence.cached + tokens,
    written: sequence.written + (isWhole ? 1 : 0),
  };
}

/** Tokens that are there and not in the cache yet. */
function missing({ inputTokens, written, cached }: KvSequence): number {
  return inputTokens + written - cached;
}

function isPrompt(sequence: KvSequence, tokens: number): boolean {
  return tokens > 1 || sequence.written === 0;
}

function durationMs(engine: KvEngine, sequences: number, promptTokens: number): number {
  if (sequences === 0) return 0;
  const { iterationMs, batchKnee, prefillTokensPerSecond } = engine;
  return iterationMs * (1 + (sequences - 1) / batchKnee) + (promptTokens * 1_000) / prefillTokensPerSecond;
}

function blocksOf(tokens: number): number {
  return Math.ceil(tokens / KV_BLOCK_TOKENS);
}
