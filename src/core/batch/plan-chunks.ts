/** Which lines of a file are called together. */
import type { FileLine } from './jsonl-lines.ts';

/** A run of lines: where it stands in the file, and how much of it there is. */
export interface LineRange {
  /** Of the first byte. */
  readonly offset: number;
  readonly bytes: number;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly lines: number;
}

/** Few enough to be held with their answers, many enough that taking them costs little of a call. */
export const CHUNK_LINES_MAX = 64;
const CHUNK_BYTES_MAX = 4_000_000;

/** Holds the ranges; one for each file. */
export class ChunkPlan {
  readonly #ranges: LineRange[] = [];

  /** Lines in the order of the file. */
  add({ offset, length, number }: Pick<FileLine, 'offset' | 'length' | 'number'>): void {
    const last = this.#ranges.at(-1);
    const isFull =
      last === undefined || last.lines >= CHUNK_LINES_MAX || last.bytes + length > CHUNK_BYTES_MAX;
    if (isFull) {
      this.#ranges.push({ offset, bytes: length, firstLine: number, lines: 1 });
      return;
    }
    const grown = { ...last, bytes: last.bytes + length, lines: last.lines + 1 };
    this.#ranges[this.#ranges.length - 1] = grown;
  }

  get ranges(): readonly LineRange[] {
    return this.#ranges;
  }
}
