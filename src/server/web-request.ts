/** A Node request as a web-standard one. The body is pulled from the socket as it is read, never held whole. */
import type { IncomingMessage } from 'node:http';

/** A request that Node lets pass and that is no request for the gateway. The caller gets the status with this message. */
export class UnservableRequest extends Error {
  override readonly name = 'UnservableRequest';
  readonly status: 400 | 405 | 417;
  readonly code: 'invalid_request' | 'method_not_allowed';
  constructor(status: 400 | 405 | 417, message: string) {
    super(message);
    this.status = status;
    this.code = status === 405 ? 'method_not_allowed' : 'invalid_request';
  }
}

/** Methods that the web's `Request` refuses to hold. */
const refusedMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);

export interface WebRequestOptions {
  /** Scheme, host and port of this server: what a caller writes in `Host` is not believed. */
  readonly origin: string;
  readonly signal: AbortSignal;
  /** Called when the body is first read: the moment for `100 Continue`. */
  readonly onFirstRead: () => void;
}

/** @throws UnservableRequest */
export function webRequest(incoming: IncomingMessage, options: WebRequestOptions): Request {
  const method = incoming.method ?? 'GET';
  if (refusedMethods.has(method)) throw new UnservableRequest(405, `the method ${method} is not served here`);
  checkHead(incoming);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(requestUrl(incoming.url ?? '/', options.origin), {
    method,
    headers: webHeaders(incoming),
    signal: options.signal,
    ...(hasBody ? { body: bodyStream(incoming, options.onFirstRead), duplex: 'half' } : {}),
  });
}

/** RFC 9112, 3.2: without a host, or with two, whoever stands in front may have read another request than we did. */
function checkHead({ rawHeaders, httpVersion }: IncomingMessage): void {
  const valuesOf = (name: string) =>
    rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  // HTTP/2 has the host among its pseudo-headers, and Node refuses a request without it or with two.
  const hosts = Math.max(valuesOf('host').length, valuesOf(':authority').length);
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0'))
    throw new UnservableRequest(400, 'the request must have exactly one Host header');
  if (valuesOf('expect').some((value) => value.toLowerCase() !== '100-continue'))
    throw new UnservableRequest(417, 'the only expectation that is met here is 100-continue');
}

function requestUrl(target: string, origin: string): URL {
  // Origin-form only: `*` and the absolute form are for servers and proxies that we are not.
  if (!target.startsWith('/'))
    throw new UnservableRequest(400, 'the request target must be a path that begins with /');
  const url = URL.parse(origin + target);
  if (url === null) throw new UnservableRequest(400, 'the request target is not a valid path');
  return url;
}

function webHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  const { rawHeaders } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.startsWith(':')) continue;
    try {
      headers.append(name, rawHeaders[index + 1] ?? '');
    } catch {
      throw new UnservableRequest(
        400,
        `the header ${JSON.stringify(name)} has a value that HTTP does not allow`,
      );
    }
  }
  return headers;
}

function bodyStream(incoming: IncomingMessage, onFirstRead: () => void): ReadableStream<Uint8Array> {
  let chunks: AsyncIterator<Buffer> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (chunks === undefined) {
          onFirstRead();
          // What is left unread is the server's to drain, so that the next request on the socket can be told apart.
          chunks = incoming.iterator({ destroyOnReturn: false });
        }
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else
          controller.enqueue(new Uint8Array(next.value.buffer, next.value.byteOffset, next.value.byteLength));
      },
      async cancel() {
        await chunks?.return?.();
      },
    },
    // Nothing is read from the socket before somebody asks for it.
    { highWaterMark: 0 },
  );
}
