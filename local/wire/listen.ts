import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { Exchange } from './exchange.ts';

export interface Listener {
  readonly port: number;
  /** Breaks every open connection and frees the port. */
  close(): Promise<void>;
}

/** The first bytes of an HTTP/2 connection with prior knowledge. */
const http2Preface = 'PRI';

/**
 * Serves HTTP/1.1 and HTTP/2 without TLS on one loopback port: the first bytes of a connection tell which.
 * Bedrock Runtime's SDK client speaks HTTP/2 to plain endpoints, all others HTTP/1.1.
 */
export function listen(port: number, handle: (exchange: Exchange) => void): Promise<Listener> {
  const sockets = new Set<net.Socket>();
  const http1 = http.createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) =>
    handle(new Exchange(request, response, () => request.socket.resetAndDestroy())),
  );
  http1.requestTimeout = 0;
  const http2Server = makeHttp2(handle);
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    // `readable` and `unshift`: HTTP/2 takes over the handle and would lose bytes that `data` has consumed.
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return socket.destroy();
      socket.unshift(first);
      const isHttp2 = first.subarray(0, http2Preface.length).toString('latin1') === http2Preface;
      return isHttp2 ? http2Server.accept(socket) : http1.emit('connection', socket);
    });
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      http1.close();
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve({ port: (server.address() as net.AddressInfo).port, close });
    });
  });
}

function makeHttp2(handle: (exchange: Exchange) => void): { accept(socket: net.Socket): void } {
  const socketOf = new WeakMap<object, net.Socket>();
  let arriving: net.Socket | undefined;
  const server = http2.createServer((request, response) => {
    const { session } = request.stream;
    handle(
      new Exchange(request, response, () => {
        // A session's own socket is a proxy that may not be reset; the raw one may.
        if (session !== undefined) socketOf.get(session)?.resetAndDestroy();
      }),
    );
  });
  server.on('session', (session) => {
    if (arriving !== undefined) socketOf.set(session, arriving);
    session.on('error', () => session.destroy());
  });
  server.on('sessionError', () => undefined);
  return {
    accept(socket) {
      arriving = socket;
      server.emit('connection', socket);
      arriving = undefined;
    },
  };
}
