/** Answers for bytes that never became a request: malformed HTTP, too many header bytes, too slow. */
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { responseHeaders } from '#contract/http.ts';

const refusals: Readonly<Record<string, { readonly status: string; readonly message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'the request headers are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'the request did not arrive in time' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Content Too Large',
    message: 'the chunk extensions are too large',
  },
};

/** How long a refused connection waits for its caller to end it. */
const LINGER_MS_MAX = 1_000;

/** Answers in OpenAI's error format, since that is what most clients here can show, and ends the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex, answerBegun: boolean): void {
  // Into a half-written answer nothing sensible can be added; a lost socket has nobody to tell.
  if (answerBegun || error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = refusals[error.code ?? ''];
  writeRefusal(socket, known?.status ?? '400 Bad Request', known?.message ?? 'the request is not valid HTTP');
}

export function writeRefusal(socket: Duplex, status: string, message: string): void {
  const body = errorBody(message, status.startsWith('405') ? 'method_not_allowed' : 'invalid_request');
  const headers = {
    ...refusalHeaders(Number.parseInt(status, 10)),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  // Nobody else listens to this socket any more, and a caller that tears the line must end no process.
  socket.on('error', () => socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
  // Not at once, so that the caller sees the answer and not a reset; in the end, also where the caller keeps its half.
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS_MAX);
  socket.once('close', () => clearTimeout(lingering));
}

/** What every answer of the shell's own carries. A request that the gateway never saw gets its id here. */
export function refusalHeaders(status: number): Readonly<Record<string, string>> {
  const mayHelp = status === 408 || status === 429 || status >= 500;
  return {
    'content-type': 'application/json',
    [responseHeaders.requestId]: randomUUID(),
    ...(mayHelp ? {} : { [responseHeaders.shouldRetry]: 'false' }),
  };
}

export function errorBody(message: string, code = 'invalid_request', type = 'invalid_request_error'): string {
  return JSON.stringify({ error: { message, type, param: null, code } });
}
