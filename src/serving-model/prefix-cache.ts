/**
 * Which blocks of prompts lie in the cache of one copy, by their hashes: equal hashes mean equal text from the beginning
 * of the prompt to the end of that block, as vLLM and the traces of Mooncake have them. The one that was used longest ago
 * is forgotten first, and of one prompt its end before its beginning.
 *
 * Simpler than an engine: a block is there from the moment its prompt comes, before it was read.
 */
export class PrefixCache {
  readonly #blocksMax: number;
  readonly #blockTokens: number;
  /** In the order of use. */
  readonly #hashes = new Set<number>();

  /** @param options tokens of a hashed block (16 in vLLM, 512 in Mooncake's traces), and how many blocks are kept */
  constructor(options: { readonly blocksMax: number; readonly blockTokens: number }) {
    this.#blocksMax = options.blocksMax;
    this.#blockTokens = options.blockTokens;
  }

  get size(): number {
    return this.#hashes.size;
  }

  /** Tokens of a prompt that lie in the cache; changes nothing. */
  cachedTokens(hashes: readonly number[]): number {
    let blocks = 0;
    for (const hash of hashes) {
      if (!this.#hashes.has(hash)) break;
      blocks += 1;
    }
    return blocks * this.#blockTokens;
  }

  /** A prompt is read: what of it was there, in tokens. From now on all of it is. */
  read(hashes: readonly number[]): number {
    const cachedTokens = this.cachedTokens(hashes);
    for (let index = Math.min(hashes.length, this.#blocksMax) - 1; index >= 0; index -= 1) {
      const hash = hashes[index] ?? 0;
      this.#hashes.delete(hash);
      this.#hashes.add(hash);
    }
    for (const hash of this.#hashes) {
      if (this.#hashes.size <= this.#blocksMax) break;
      this.#hashes.delete(hash);
    }
    return cachedTokens;
  }
}
