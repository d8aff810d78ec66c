import { KV_BLOCK_TOKENS } from './kv-engine.ts';

/**
 * When sequences that write one token in each iteration need their next block of cache. Each needs one in every
 * sixteenth iteration; those that need it in the same ones stand together, so that any number of iterations is counted
 * in sixteen steps at the most.
 */
export class BlockGrowth {
  readonly #dueCounts = new Int32Array(KV_BLOCK_TOKENS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param cachedOffset tokens in the cache less the iterations that are over */
  add(cachedOffset: number): void {
    this.#change(cachedOffset, 1);
  }

  remove(cachedOffset: number): void {
    this.#change(cachedOffset, -1);
  }

  /** Blocks that are needed in so many iterations after `iteration` of them are over. */
  within(iteration: number, iterations: number): number {
    const rest = iterations % KV_BLOCK_TOKENS;
    let blocks = ((iterations - rest) / KV_BLOCK_TOKENS) * this.#size;
    for (let index = 0; index < rest; index += 1)
      blocks += this.#dueCounts[(iteration + index) % KV_BLOCK_TOKENS] ?? 0;
    return blocks;
  }

  #change(cachedOffset: number, by: 1 | -1): void {
    // The iteration whose number and the offset together are a whole number of blocks is the one that needs the next.
    const due = ((-cachedOffset % KV_BLOCK_TOKENS) + KV_BLOCK_TOKENS) % KV_BLOCK_TOKENS;
    this.#dueCounts[due] = (this.#dueCounts[due] ?? 0) + by;
    this.#size += by;
  }
}
