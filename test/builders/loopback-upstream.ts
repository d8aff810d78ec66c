/** A hand-driven upstream on loopback: each test says what the next answer is, byte by byte. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LoopbackUpstream {
  readonly endpoint: string;
  readonly calls: readonly ReceivedCall[];
  /** Sockets that are open now. */
  openSockets(): number;
  /** How many sockets were ever accepted. */
  acceptedSockets(): number;
  close(): Promise<void>;
}

export type Answer = (response: ServerResponse, call: ReceivedCall) => void | Promise<void>;

export async function openLoopbackUpstream(answer: Answer): Promise<LoopbackUpstream> {
  const calls: ReceivedCall[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer({ noDelay: true }, async (request, response) => {
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    calls.push(call);
    await answer(response, call);
  });
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    openSockets: () => sockets.size,
    acceptedSockets: () => accepted,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers 200 with an event stream of these bytes. */
export function sendEventStream(response: ServerResponse, frames: readonly Buffer[]): void {
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  response.end(Buffer.concat(frames));
}

/** Answers an error as AWS's JSON services write it. */
export function sendAwsError(
  response: ServerResponse,
  error: {
    readonly status: number;
    readonly name: string;
    readonly message: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Readonly<Record<string, unknown>>;
  },
): void {
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'x-amzn-errortype': error.name,
    ...error.headers,
  });
  response.end(JSON.stringify({ message: error.message, ...error.body }));
}

/** Polls until the condition holds. @throws when it does not within the time */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  msMax = 2_000,
): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > msMax) throw new Error(`not within ${msMax} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
