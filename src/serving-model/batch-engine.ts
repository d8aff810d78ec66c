import { BlockGrowth } from './block-growth.ts';
import { CompletionHeap } from './completion-heap.ts';
import { KV_BLOCK_TOKENS, type KvEngine } from './kv-engine.ts';
import { Sequence, SequenceList } from './sequence.ts';

/** What one request asks of an engine. Whole tokens; `outputTokens` is 1 or more. */
export interface BatchRequest {
  /** Unique among those that are in the engine. */
  readonly id: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens of the prompt that lie in the cache already, less than `inputTokens`; they are not read again. @default 0 */
  readonly cachedTokens?: number | undefined;
}

/** Told in order of time; in one instant first tokens come first, then what finished, each in the order of arrival. */
export interface BatchEvents {
  firstToken(id: number, atMs: number): void;
  finished(id: number, atMs: number): void;
  /** For want of blocks: what it had is computed again later. No second first token comes of it. */
  preempted(id: number, atMs: number): void;
}

/** Requests of an engine, and the blocks of cache that they hold. */
export interface BatchLoad {
  readonly running: number;
  readonly waiting: number;
  readonly blocksHeld: number;
}

/** So much of an iteration may be missing for one to be over: sums of times are not exact. */
const ITERATION_SLACK = 1e-9;

/**
 * The engine of `kv-engine.ts` without walking through its iterations: as long as nobody comes, goes, ends a prompt or
 * wants a block that is not there, all iterations are alike, and so many of them are taken in one step. It does the same
 * in the same order, its times differ by what rounding leaves; a step costs O(log n) in the sequences that run, and O(n)
 * where blocks are short.
 *
 * Whoever uses it owns the time, which never goes back. Before `enter` and `leave` it must have been advanced to their
 * moment.
 */
export class BatchEngine {
  readonly #engine: KvEngine;
  readonly #sequences = new Map<number, Sequence>();
  /** In the order in which they were let in. */
  readonly #running = new SequenceList();
  readonly #waiting = new SequenceList();
  readonly #writing = new CompletionHeap();
  readonly #growth = new BlockGrowth();
  #reading: Sequence[] = [];
  readonly #leaving: Sequence[] = [];
  /** At the beginning of the present step, the youngest first. */
  readonly #thrownOut: number[] = [];
  #rank = 0;
  /** Iterations that are over. */
  #iteration = 0;
  #blocksHeld = 0;
  /** Tokens that an iteration of the present step could compute beyond what it does. */
  #budgetLeft = 0;
  #stepStartedMs = 0;
  #iterationMs = 0;
  /** Of the present step; none when there is nothing to do. */
  #iterations = 0;
  /** Somebody was thrown out at the beginning of the present step: nobody is let in during it. */
  #isShort = false;

  constructor(engine: KvEngine) {
    this.#engine = engine;
  }

  /** Whether the whole of a request, alone, has room in the cache. */
  fits({ inputTokens, outputTokens }: Pick<BatchRequest, 'inputTokens' | 'outputTokens'>): boolean {
    return blocksOf(inputTokens + outputTokens - 1) <= this.#engine.blocks;
  }

  /** @throws RangeError when it does not fit, its id is there already, or time was not advanced to `atMs` */
  enter(atMs: number, request: BatchRequest): void {
    this.#mustBeAt(atMs);
    const { id, inputTokens, outputTokens, cachedTokens = 0 } = request;
    if (!this.fits(request)) throw new RangeError(`Request ${id} is larger than the cache of the engine.`);
    if (this.#sequences.has(id)) throw new RangeError(`Request ${id} is in the engine already.`);
    const sequence = new Sequence({
      id,
      inputTokens,
      outputTokens,
      cachedTokens: Math.max(0, Math.min(cachedTokens, inputTokens - 1)),
    });
    this.#sequences.set(id, sequence);
    this.#waiting.append(sequence);
    if (this.#iterations === 0) {
      this.#stepStartedMs = atMs;
      this.#plan();
    } else if (this.#waiting.size === 1) this.#letInFrom(atMs);
  }

  /** The caller of a request went away. One that is not there changes nothing: false. No event comes of it any more. */
  leave(id: number, atMs: number): boolean {
    this.#mustBeAt(atMs);
    const sequence = this.#sequences.get(id);
    if (sequence === undefined) return false;
    this.#sequences.delete(id);
    if (sequence.phase === 'waiting') {
      const wasFirst = this.#waiting.first === sequence;
      this.#waiting.remove(sequence);
      if (wasFirst && this.#waiting.size > 0) this.#letInFrom(atMs);
      return true;
    }
    this.#leaving.push(sequence);
    this.#cutStep(atMs);
    return true;
  }

  /** When `advance` has something to do next; infinite when nothing is there. Not every such moment brings an event. */
  nextAtMs(): number {
    if (this.#iterations === 0) return Number.POSITIVE_INFINITY;
    return this.#stepStartedMs + this.#iterations * this.#iterationMs;
  }

  /** Does all that is due until `atMs`, that moment included. */
  advance(atMs: number, events: BatchEvents): void {
    for (let endMs = this.nextAtMs(); endMs <= atMs; endMs = this.nextAtMs()) {
      this.#endStep(endMs, events);
      this.#stepStartedMs = endMs;
      this.#plan();
      for (let id = this.#thrownOut.pop(); id !== undefined; id = this.#thrownOut.pop())
        events.preempted(id, endMs);
    }
  }

  get size(): number {
    return this.#sequences.size;
  }

  /** Tokens of a request’s output that are out, at a moment as for `load`; 0 where it is not there. */
  writtenTokens(id: number, atMs: number): number {
    const sequence = this.#sequences.get(id);
    if (sequence === undefined) return 0;
    if (sequence.phase !== 'writing') return sequence.written;
    return sequence.outputTokens - sequence.doneAt + this.#iteration + this.#iterationsOver(atMs);
  }

  /** At a moment that is neither before the last one nor after `nextAtMs()`. */
  load(atMs: number): BatchLoad {
    const running = this.#running.size - this.#leaving.length;
    const blocksHeld = this.#blocksHeld + this.#blocksWithin(this.#iterationsOver(atMs));
    return { running, waiting: this.#waiting.size, blocksHeld };
  }

  /** Of the present step. */
  #iterationsOver(atMs: number): number {
    if (this.#iterations === 0) return 0;
    const over = Math.floor((atMs - this.#stepStartedMs) / this.#iterationMs + ITERATION_SLACK);
    return Math.min(over, this.#iterations);
  }

  #mustBeAt(atMs: number): void {
    const isAt = atMs < this.nextAtMs() && (this.#iterations === 0 || atMs >= this.#stepStartedMs);
    if (!isAt) throw new RangeError(`The engine was not advanced to ${atMs} ms.`);
  }

  /** Somebody new is first in line: the present step ends with its present iteration if there may be room. */
  #letInFrom(atMs: number): void {
    if (this.#budgetLeft > 0 && this.#running.size < this.#engine.sequencesMax) this.#cutStep(atMs);
  }

  #cutStep(atMs: number): void {
    const begun = Math.ceil((atMs - this.#stepStartedMs) / this.#iterationMs - ITERATION_SLACK);
    if (begun <= 0 && !this.#isShort) {
      this.#removeLeaving();
      this.#plan();
    } else this.#iterations = Math.min(this.#iterations, Math.max(1, begun));
  }

  #endStep(endMs: number, events: BatchEvents): void {
    const iterations = this.#iterations;
    this.#blocksHeld += this.#blocksWithin(iterations);
    this.#iteration += iterations;
    for (const sequence of this.#reading) sequence.cached += sequence.chunkTokens * iterations;
    this.#removeLeaving();
    this.#endReading(endMs, events);
    for (let first = this.#writing.first; first?.doneAt === this.#iteration; first = this.#writing.first) {
      this.#remove(first);
      this.#sequences.delete(first.id);
      events.finished(first.id, endMs);
    }
  }

  /** The next token comes out of the iteration that computes the last one that is there. */
  #endReading(endMs: number, events: BatchEvents): void {
    let left = 0;
    for (const sequence of this.#reading) {
      if (sequence.missing > 0) {
        this.#reading[left] = sequence;
        left += 1;
        continue;
      }
      sequence.written += 1;
      sequence.phase = 'writing';
      sequence.doneAt = this.#iteration + sequence.outputTokens - sequence.written;
      sequence.cachedOffset = sequence.cached - this.#iteration;
      this.#growth.add(sequence.cachedOffset);
      this.#writing.add(sequence);
      if (sequence.written === 1) events.firstToken(sequence.id, endMs);
    }
    this.#reading.length = left;
  }

  #removeLeaving(): void {
    for (const sequence of this.#leaving) this.#remove(sequence);
    this.#leaving.length = 0;
  }

  /** Takes a sequence out of those that run; its blocks are free. */
  #remove(sequence: Sequence): void {
    this.#running.remove(sequence);
    if (sequence.phase === 'writing') {
      this.#writing.remove(sequence);
      this.#growth.remove(sequence.cachedOffset);
      this.#blocksHeld -= blocksOf(sequence.cachedOffset + this.#iteration);
    } else {
      this.#reading.splice(this.#reading.indexOf(sequence), 1);
      this.#blocksHeld -= blocksOf(sequence.cached);
    }
  }

  /** Decides what the next iterations compute, and how many of them are alike. */
  #plan(): void {
    this.#isShort = false;
    this.#divideBudget();
    if (this.#blocksWithin(1) > this.#engine.blocks - this.#blocksHeld) this.#makeRoom();
    else this.#letIn();
    this.#iterations = this.#running.size === 0 ? 0 : this.#countAlike();
    this.#iterationMs = this.#measureIteration();
  }

  /** One token for each that writes; prompts share the rest, first come first served. */
  #divideBudget(): void {
    let budget = this.#engine.batchTokensMax - this.#writing.size;
    for (const sequence of this.#reading) {
      sequence.chunkTokens = Math.max(0, Math.min(this.#engine.promptChunkMax, budget, sequence.missing));
      budget -= sequence.chunkTokens;
    }
    this.#budgetLeft = budget;
  }

  #letIn(): void {
    const { blocks, sequencesMax, promptChunkMax } = this.#engine;
    let free = blocks - this.#blocksHeld - this.#blocksWithin(1);
    let first = this.#waiting.first;
    while (first !== undefined && this.#running.size < sequencesMax && this.#budgetLeft > 0) {
      const chunkTokens = Math.min(promptChunkMax, this.#budgetLeft, first.missing);
      const wanted = blocksOf(first.cached + chunkTokens);
      if (wanted > free) return;
      free -= wanted;
      this.#budgetLeft -= chunkTokens;
      this.#waiting.remove(first);
      first.phase = 'reading';
      first.chunkTokens = chunkTokens;
      first.rank = this.#rank;
      this.#rank += 1;
      this.#running.append(first);
      this.#reading.push(first);
      this.#blocksHeld += blocksOf(first.cached);
      first = this.#waiting.first;
    }
  }

  /** Blocks are short: the oldest get theirs, and the youngest are thrown out for it, until all that are left have them. */
  #makeRoom(): void {
    this.#isShort = true;
    let free = this.#engine.blocks - this.#blocksHeld;
    let budget = this.#engine.batchTokensMax;
    for (let sequence = this.#running.first; sequence !== undefined; sequence = sequence.next) {
      const isWriting = sequence.phase === 'writing';
      const cached = isWriting ? sequence.cachedOffset + this.#iteration : sequence.cached;
      const tokens = isWriting ? 1 : Math.min(this.#engine.promptChunkMax, budget, sequence.missing);
      const wanted = blocksOf(cached + tokens) - blocksOf(cached);
      while (wanted > free && this.#running.last !== sequence) free += this.#throwOutYoungest();
      if (wanted > free) {
        this.#throwOutYoungest();
        return;
      }
      free -= wanted;
      budget -= tokens;
      if (!isWriting) sequence.chunkTokens = tokens;
    }
  }

  /** Answers how many blocks became free. */
  #throwOutYoungest(): number {
    const youngest = this.#running.last;
    if (youngest === undefined) return 0;
    const before = this.#blocksHeld;
    this.#remove(youngest);
    if (youngest.phase === 'writing')
      youngest.written = youngest.outputTokens - (youngest.doneAt - this.#iteration);
    youngest.phase = 'waiting';
    youngest.cached = 0;
    this.#waiting.prepend(youngest);
    this.#thrownOut.push(youngest.id);
    return before - this.#blocksHeld;
  }

  #countAlike(): number {
    if (this.#isShort) return 1;
    let iterations = (this.#writing.first?.doneAt ?? Number.POSITIVE_INFINITY) - this.#iteration;
    for (const { chunkTokens, missing } of this.#reading)
      if (chunkTokens > 0) iterations = Math.min(iterations, Math.floor(missing / chunkTokens));
    const free = this.#engine.blocks - this.#blocksHeld;
    if (this.#blocksWithin(iterations) <= free) return iterations;
    // One fits, or room had been made.
    let [fit, tooMany] = [1, iterations];
    while (tooMany - fit > 1) {
      const middle = (fit + tooMany) >> 1;
      if (this.#blocksWithin(middle) <= free) fit = middle;
      else tooMany = middle;
    }
    return fit;
  }

  /** Blocks that so many iterations of the present step need beyond those that are held. */
  #blocksWithin(iterations: number): number {
    let blocks = this.#growth.within(this.#iteration, iterations);
    for (const { cached, chunkTokens } of this.#reading)
      blocks += blocksOf(cached + chunkTokens * iterations) - blocksOf(cached);
    return blocks;
  }

  #measureIteration(): number {
    const { iterationMs, batchKnee, prefillTokensPerSecond } = this.#engine;
    let promptTokens = 0;
    for (const { chunkTokens, written } of this.#reading)
      if (chunkTokens > 1 || written === 0) promptTokens += chunkTokens;
    const batchMs = iterationMs * (1 + (this.#running.size - 1) / batchKnee);
    return batchMs + (promptTokens * 1_000) / prefillTokensPerSecond;
  }
}

/** Blocks of cache that so many tokens take. */
function blocksOf(tokens: number): number {
  return Math.ceil(tokens / KV_BLOCK_TOKENS);
}
