/**
 * A caller of HTTP/1.1 that has closed its half of a connection and still reads, as `nc -N` does: it gets its answer. One
 * that has gone looks the same until something is written to it: then its machine resets the connection. So it is told
 * `100 Continue`, which says nothing and may be said any number of times, until the answer begins.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Milliseconds after the end of the caller's half. The first brings the reset, the next one is what hears of it, on a
 * slower way the one after; then it is as with every caller that goes while nothing is written to it.
 */
const ASKED_AFTER_MS = [0, 250, 750, 10_000, 20_000, 30_000, 40_000, 50_000];

/** Node's own switch, without which the end of the caller's half ends its requests. */
interface HalfOpenServer extends Server {
  httpAllowHalfOpen: boolean;
}

/** From now on callers that close their half are `onHalfClosed`'s to judge. */
export function allowHalfClosed(server: Server): void {
  (server as HalfOpenServer).httpAllowHalfOpen = true;
}

/**
 * Keeps a half-closed caller as long as it may be there; one that cannot be asked is taken for gone.
 *
 * @param answers those of its requests that are under way; the one that is written to has the socket, the others wait
 */
export function onHalfClosed(socket: Socket, answers: readonly ServerResponse[]): void {
  const next = answers.find((answer) => answer.socket === socket);
  // What has been handed over whole is only still on its way.
  if (next === undefined || next.writableEnded) return;
  // Into an answer that has begun nothing can be said, and HTTP/1.0 knows no answer before the answer.
  if (next.headersSent || next.req.httpVersion !== '1.1') {
    socket.destroy();
    return;
  }
  const timers = ASKED_AFTER_MS.map((milliseconds) =>
    setTimeout(() => {
      if (!next.headersSent && next.socket === socket) next.writeContinue();
    }, milliseconds),
  );
  next.once('close', () => {
    for (const timer of timers) clearTimeout(timer);
  });
}
