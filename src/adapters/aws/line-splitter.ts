/** Cuts a byte stream into lines. Works on bytes, so a character that is cut in two by the transport stays whole. */
import { MalformedAnswer } from './answer-reader.ts';

const NEWLINE = 0x0a;
/** One SSE line holds one chunk of an answer; a line that never ends is not kept for ever. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

export class LineSplitter {
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** The lines that these bytes complete, without their ends. @throws MalformedAnswer for an endless line */
  push(bytes: Buffer): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#held.push(bytes.subarray(start, end));
      lines.push(this.rest());
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
    return lines;
  }

  /** What came after the last line end; empties the splitter. */
  rest(): string {
    const line =
      (this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held))?.toString('utf8') ?? '';
    this.#held = [];
    this.#heldBytes = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > LINE_BYTES_MAX)
      throw new MalformedAnswer(`a line is longer than ${LINE_BYTES_MAX} bytes`);
  }
}
