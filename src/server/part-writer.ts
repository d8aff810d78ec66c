import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

/**
 * Memory that short chunks share, one behind the other and each written once: room of its own for each costs more than
 * the chunk. A chunk that waits for its caller keeps so much at most.
 */
const SHARED_BYTES = 16 * 1024;
const SHORT_BYTES_MAX = SHARED_BYTES / 4;
/** Length in hexadecimal digits and two line ends. */
const FRAME_BYTES_MAX = SHORT_BYTES_MAX.toString(16).length + 4;
let shared = Buffer.alloc(SHARED_BYTES);
let sharedUsedBytes = 0;

/**
 * Writes an answer part by part. Node makes four writes of each chunk of HTTP/1.1 and holds them back until the turn
 * ends; a short part goes to the socket as one whole chunk instead, which is half the price.
 */
export class PartWriter {
  readonly outgoing: ServerResponse;
  /** What takes no more for now: it says `drain` when it does again. */
  full: Writable | undefined;
  readonly #isChunked: boolean;
  #begun = false;

  /** @param headers name and value in turn. @default - none but Node's own */
  constructor(outgoing: ServerResponse, status: number, headers: readonly string[] = []) {
    this.outgoing = outgoing;
    const hasLength = headers.some((name, index) => index % 2 === 0 && name === 'content-length');
    // HTTP/1.0 has no chunks, HTTP/2 its own frames, and what has a length needs none.
    this.#isChunked = outgoing.req.httpVersion === '1.1' && !hasLength;
    // Said by us, so that it holds whatever Node would choose.
    const framing = this.#isChunked ? ['transfer-encoding', 'chunked'] : [];
    outgoing.writeHead(status, [...headers, ...framing]);
  }

  /** An empty part is none: as a chunk it would be the end. */
  write(part: Uint8Array): void {
    if (part.length === 0) return;
    const { socket } = this.outgoing;
    // The first goes with the head; of requests sent ahead only the one whose turn it is has the socket.
    const isDirect = this.#begun && this.#isChunked && part.length <= SHORT_BYTES_MAX && socket?.writable;
    this.#begun = true;
    const sink: Writable = isDirect ? socket : this.outgoing;
    this.full = sink.write(isDirect ? chunkOf(part) : part) ? undefined : sink;
  }
}

function chunkOf(part: Uint8Array): Buffer {
  if (sharedUsedBytes + part.length + FRAME_BYTES_MAX > SHARED_BYTES) {
    shared = Buffer.alloc(SHARED_BYTES);
    sharedUsedBytes = 0;
  }
  const start = sharedUsedBytes;
  let end = start + shared.write(`${part.length.toString(16)}\r\n`, start, 'latin1');
  shared.set(part, end);
  end += part.length;
  end += shared.write('\r\n', end, 'latin1');
  sharedUsedBytes = end;
  return shared.subarray(start, end);
}
