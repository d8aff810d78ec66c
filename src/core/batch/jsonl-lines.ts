/** The lines of a file whose bytes come in parts. */

export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Of its first byte, from the beginning of what was read. */
  readonly offset: number;
  /** Without the line's end. */
  readonly bytes: Uint8Array;
  /** With the line's end, so that one line's end is the next one's offset. */
  readonly length: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Holds what has come of a line; one for each file. A line longer than the bound is cut there, and told so by its length. */
export class LineReader {
  readonly #lineBytesMax: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #length = 0;
  #number = 0;
  #offset = 0;

  /** @param lineBytesMax bytes of a line that are held */
  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** The lines that end in these bytes. */
  *push(bytes: Uint8Array): Generator<FileLine, void, undefined> {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.#hold(bytes.subarray(start, end));
      this.#length += 1;
      start = end + 1;
      yield this.#take();
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
  }

  /** The last line, where nothing ends it. */
  end(): FileLine | undefined {
    return this.#length === 0 ? undefined : this.#take();
  }

  #hold(bytes: Uint8Array): void {
    this.#length += bytes.length;
    const room = this.#lineBytesMax - this.#heldBytes;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    // A copy: a part lives as long as the smallest piece of it that somebody holds.
    if (kept.length > 0) this.#held.push(kept.slice());
    this.#heldBytes += kept.length;
  }

  #take(): FileLine {
    const joined = joinedBytes(this.#held, this.#heldBytes);
    const bytes = joined.at(-1) === CARRIAGE_RETURN ? joined.subarray(0, -1) : joined;
    this.#number += 1;
    const line = { number: this.#number, offset: this.#offset, bytes, length: this.#length };
    this.#offset += this.#length;
    this.#held = [];
    this.#heldBytes = 0;
    this.#length = 0;
    return line;
  }
}

function joinedBytes(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
