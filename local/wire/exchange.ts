import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { serializationError, WireError } from './wire-error.ts';

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;
export type Headers = Readonly<Record<string, string>>;

/** SageMaker's payload limit, the largest of the services offered; with room for base64 around it. */
const bodyBytesMax = 25 * 1024 * 1024;

/** Made once: the trace of a new one for each exchange would cost more than its answer. */
const isOver = new DOMException('The exchange is over', 'AbortError');

/** One request and its answer, whichever HTTP version carries them. */
export class Exchange {
  readonly method: string;
  readonly rawUrl: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly #request: AnyRequest;
  readonly #response: AnyResponse;
  readonly #destroySocket: () => void;
  readonly #closing = new AbortController();
  #ended = false;
  #isReset = false;

  constructor(request: AnyRequest, response: AnyResponse, destroySocket: () => void) {
    this.#request = request;
    this.#response = response;
    this.#destroySocket = destroySocket;
    this.method = request.method ?? 'GET';
    this.rawUrl = request.url ?? '/';
    this.headers = flatten(request.headers);
    this.signal = this.#closing.signal;
    request.on('error', () => this.#closing.abort(isOver));
    response.on('error', () => this.#closing.abort(isOver));
    response.on('close', () => this.#closing.abort(isOver));
  }

  /** The caller went away before the whole answer was handed over. */
  get abandoned(): boolean {
    if (this.#isReset) return false;
    if (!this.#ended) return this.signal.aborted;
    return 'writableFinished' in this.#response && this.signal.aborted && !this.#response.writableFinished;
  }

  get headSent(): boolean {
    return this.#response.headersSent;
  }

  /** Runs once, when the connection is done with this exchange. */
  onClosed(listener: () => void): void {
    if (this.signal.aborted) listener();
    else this.signal.addEventListener('abort', listener, { once: true });
  }

  /** The body as sent. Throws RequestEntityTooLargeException (413) beyond 25 MiB. */
  async readBody(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    if (Number(this.headers['content-length'] ?? 0) > bodyBytesMax) throw tooLarge();
    for await (const chunk of this.#request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > bodyBytesMax) throw tooLarge();
      chunks.push(chunk);
    }
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  answer(status: number, headers: Headers, body: string | Uint8Array): void {
    if (this.signal.aborted || this.#ended) return;
    this.#ended = true;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const close = status === 413 && this.#request.httpVersionMajor === 1 ? { connection: 'close' } : {};
    // The answer to a HEAD tells how long the body would be that it does not have.
    const length = (this.method === 'HEAD' ? headers['content-length'] : undefined) ?? String(bytes.length);
    this.#head(status, { ...headers, ...close, 'content-length': length });
    (this.#response as ServerResponse).end(bytes);
    this.#request.resume();
  }

  /** Sends the head alone, at once. */
  open(status: number, headers: Headers): void {
    if (this.signal.aborted) return;
    this.#head(status, headers);
    // HTTP/2 sends a head as soon as it is written; HTTP/1.1 waits for the first bytes of the body.
    if ('flushHeaders' in this.#response) this.#response.flushHeaders();
  }

  /** Resolves when more may be written, or when the caller has left. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.signal.aborted || this.#ended) return;
    if ((this.#response as ServerResponse).write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#response.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      this.#response.once('drain', done);
      this.signal.addEventListener('abort', done, { once: true });
    });
  }

  end(): void {
    if (this.signal.aborted || this.#ended) return;
    this.#ended = true;
    (this.#response as ServerResponse).end();
  }

  /** Breaks the connection under the caller, without a word. */
  refuse(): void {
    this.#isReset = true;
    this.#destroySocket();
    this.#closing.abort(isOver);
  }

  /** Breaks a begun answer: a TCP reset in HTTP/1.1, a stream reset in HTTP/2, where callers share the socket. */
  reset(): void {
    if ('stream' in this.#response && this.#response.stream !== undefined) {
      this.#isReset = true;
      this.#response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      this.#closing.abort(isOver);
    } else {
      this.refuse();
    }
  }

  #head(status: number, headers: Headers): void {
    // By the same calendar that signatures are judged by: the SDK sets its own clock by it.
    const date = new Date().toUTCString();
    (this.#response as ServerResponse).writeHead(status, { date, ...headers });
  }
}

/** Undoes content encoding. Only gzip is known, as with the services themselves. */
export async function decodeContent(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body;
  if (encoding !== 'gzip') throw serializationError(`Content-Encoding '${encoding}' is not supported.`);
  try {
    return await promisify(gunzip)(body, { maxOutputLength: bodyBytesMax });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw serializationError('The request body is not valid gzip.');
  }
}

function flatten(headers: AnyRequest['headers']): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers))
    flat[name] = Array.isArray(value) ? value.join(',') : value;
  return flat;
}

function tooLarge(): WireError {
  return new WireError(
    'RequestEntityTooLargeException',
    413,
    `The request body is larger than ${bodyBytesMax} bytes.`,
  );
}
