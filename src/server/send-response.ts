/** Writes a web-standard response to a Node response, as fast as the caller reads and no faster. */
import type { ServerResponse } from 'node:http';
import { constants, type Http2Stream } from 'node:http2';
import { type ReaderLimits, ReaderPace } from './reader-pace.ts';

export interface SendOptions extends ReaderLimits {
  readonly isHead: boolean;
  /** Tell the caller that this connection ends after the answer. */
  readonly closeConnection: boolean;
}

/**
 * Resolves when all is written or the caller has gone. A body that fails after its head was sent destroys the
 * connection: an end in good order would make a broken answer look whole.
 */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
  options: SendOptions,
): Promise<void> {
  if (response.body === null || options.isHead) {
    writeHead(response, outgoing, options);
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  let ended = false;
  try {
    const streams = isStream(response.headers.get('content-type') ?? '');
    const start = streams ? { parts: [], done: false } : await startOf(reader);
    const [only] = start.parts;
    writeHead(response, outgoing, { ...options, ...(start.done ? { bodyBytes: only?.length ?? 0 } : {}) });
    if (streams) outgoing.flushHeaders();
    if (start.done) outgoing.end(only);
    else await pump(reader, outgoing, { ...options, parts: start.parts });
    ended = true;
  } catch {
    breakOff(outgoing);
  } finally {
    // Frees the call behind the body when the caller left in the middle.
    if (!ended || isGone(outgoing)) await reader.cancel().catch(() => undefined);
  }
}

/** A body that is whole in one part goes out with its length, in one write. */
async function startOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ readonly parts: readonly Uint8Array[]; readonly done: boolean }> {
  const first = await reader.read();
  if (first.done) return { parts: [], done: true };
  const second = await reader.read();
  return second.done
    ? { parts: [first.value], done: true }
    : { parts: [first.value, second.value], done: false };
}

/** An answer in HTTP/2 is one stream of its connection. */
function streamOf(outgoing: ServerResponse & { readonly stream?: Http2Stream }): Http2Stream | undefined {
  return outgoing.stream;
}

/** Whether the caller has all of the answer, once it is closed. */
export function isSentWhole(outgoing: ServerResponse): boolean {
  const stream = streamOf(outgoing);
  if (stream === undefined) return outgoing.writableFinished;
  return outgoing.writableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR;
}

/** Ends an answer in a way that no caller takes for its end. */
export function breakOff(outgoing: ServerResponse): void {
  const stream = streamOf(outgoing);
  if (stream === undefined) outgoing.destroy();
  else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

/** Ends a request that nothing was done for; a caller of HTTP/2 may send it again. */
export function refuseRequest(outgoing: ServerResponse): void {
  const stream = streamOf(outgoing);
  if (stream === undefined) outgoing.req.socket.destroy();
  else stream.close(constants.NGHTTP2_REFUSED_STREAM);
}

/** Whether all that was written has left for the caller. Of HTTP/2 only its end tells. */
export function hasLeft(outgoing: ServerResponse): boolean {
  return outgoing.writableFinished || (streamOf(outgoing) === undefined && outgoing.writableLength === 0);
}

/** Whether nobody takes the answer any more. */
export function isGone(outgoing: ServerResponse): boolean {
  const stream = streamOf(outgoing);
  return outgoing.destroyed || stream?.closed === true || stream?.destroyed === true;
}

function writeHead(
  response: Response,
  outgoing: ServerResponse,
  { closeConnection, bodyBytes }: SendOptions & { readonly bodyBytes?: number },
): void {
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (bodyBytes !== undefined) outgoing.setHeader('content-length', bodyBytes);
  if (closeConnection && outgoing.req.httpVersionMajor === 1) outgoing.setHeader('connection', 'close');
  outgoing.writeHead(response.status);
}

function isStream(contentType: string): boolean {
  return ['text/event-stream', 'application/vnd.amazon.eventstream'].some((type) =>
    contentType.startsWith(type),
  );
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
  { parts, ...limits }: ReaderLimits & { readonly parts: readonly Uint8Array[] },
): Promise<void> {
  const pace = new ReaderPace(limits);
  const write = async (bytes: Uint8Array): Promise<void> => {
    pace.wrote(bytes.length);
    if (!outgoing.write(bytes)) await pace.untilWritable(outgoing);
  };
  for (const part of parts) await write(part);
  for (;;) {
    const { done, value } = await reader.read();
    if (isGone(outgoing)) return;
    if (done) {
      outgoing.end();
      return;
    }
    await write(value);
  }
}
