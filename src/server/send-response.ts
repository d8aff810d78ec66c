/** Writes a web-standard response to a Node response, as fast as the caller reads and no faster. */
import type { ServerResponse } from 'node:http';

export interface SendOptions {
  readonly isHead: boolean;
  /** Tell the caller that this connection ends after the answer. */
  readonly closeConnection: boolean;
  /** A caller that takes no byte for so long is cut off. */
  readonly stallMsMax: number;
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
  writeHead(response, outgoing, options.closeConnection);
  if (response.body === null || options.isHead) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  try {
    await pump(reader, outgoing, options.stallMsMax);
  } catch {
    outgoing.destroy();
  } finally {
    // Frees the call behind the body when the caller left in the middle; after the last byte it does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

function writeHead(response: Response, outgoing: ServerResponse, closeConnection: boolean): void {
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (closeConnection) outgoing.setHeader('connection', 'close');
  outgoing.writeHead(response.status);
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (streams) outgoing.flushHeaders();
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
  stallMsMax: number,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (outgoing.destroyed) return;
    if (done) {
      outgoing.end();
      return;
    }
    if (!outgoing.write(value)) await untilWritable(outgoing, stallMsMax);
  }
}

/** Resolves when the caller has taken what was written, or has gone. Rejects when it takes nothing for too long. */
function untilWritable(outgoing: ServerResponse, stallMsMax: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('the caller reads nothing')), stallMsMax);
  outgoing.once('drain', resolve).once('close', resolve);
  return promise.finally(() => {
    clearTimeout(timer);
    outgoing.off('drain', resolve).off('close', resolve);
  });
}
