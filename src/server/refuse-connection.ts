/** Answers for bytes that never became a request: malformed HTTP, too many header bytes, too slow. */
import type { Duplex } from 'node:stream';

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
  const body = errorBody(message);
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`${head}connection: close\r\n\r\n${body}`);
}

export function errorBody(message: string, code = 'invalid_request', type = 'invalid_request_error'): string {
  return JSON.stringify({ error: { message, type, param: null, code } });
}
