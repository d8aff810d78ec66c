import { keptLine, keptResults, type LineResult } from '#core/batch/result-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readText } from './read-batch-file.ts';

const TRIES_MAX = 5;
const RETRY_MS = 200;
/** Calls that began together end nearly together; a line that is not kept yet still counts as under way. */
const GATHERED_MS = 20;
const SEGMENT_DIGITS = 5;

/**
 * What became of the lines of a chunk, kept as soon as it is known: whoever takes the chunk over finds it. Results that
 * come shortly after each other, or while others are being written, are written together.
 */
export class ResultLog {
  readonly #services: { readonly objects: ObjectStore; readonly clock: Clock };
  readonly #prefix: string;
  readonly #keys: string[] = [];
  #waiting: LineResult[] = [];
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param prefix of this holder's own */
  constructor(services: { readonly objects: ObjectStore; readonly clock: Clock }, prefix: string) {
    this.#services = services;
    this.#prefix = prefix;
  }

  /** Resolves when nobody can lose it any more. @throws HouseError when it could not be kept */
  add(result: LineResult): Promise<void> {
    this.#waiting.push(result);
    if (this.#next === undefined) {
      const write = () => this.#write();
      const gathered = this.#services.clock.sleep(GATHERED_MS);
      this.#next = Promise.allSettled([this.#writing, gathered]).then(write);
    }
    return this.#next;
  }

  /** Where it wrote. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  #write(): Promise<void> {
    const results = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    const key = `${this.#prefix}${String(this.#keys.length).padStart(SEGMENT_DIGITS, '0')}`;
    this.#keys.push(key);
    this.#writing = this.#put(key, new TextEncoder().encode(results.map(keptLine).join('')));
    return this.#writing;
  }

  async #put(key: string, bytes: Uint8Array): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#services.objects.put(key, bytes);
      } catch (error) {
        if (tries >= TRIES_MAX) throw error;
        await this.#services.clock.sleep(RETRY_MS * tries);
      }
    }
  }
}

/** What holders before kept, one result for each line, and where. @throws HouseError */
export async function keptBefore(
  objects: ObjectStore,
  prefix: string,
): Promise<{ readonly results: Map<number, LineResult>; readonly keys: readonly string[] }> {
  const keys = await objects.list(prefix);
  const results = new Map<number, LineResult>();
  for (const key of keys) {
    for (const result of keptResults((await readText(objects, key)) ?? '')) {
      // Of two the first one stands, for everyone who looks.
      if (!results.has(result.index)) results.set(result.index, result);
    }
  }
  return { results, keys };
}
