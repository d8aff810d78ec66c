/**
 * HTTP/2 without TLS on the port of HTTP/1.1: the first bytes of a connection tell which it is. AWS's JavaScript SDK
 * speaks it to Bedrock Runtime by default, also to a plain endpoint.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** What a connection with prior knowledge of HTTP/2 begins with. */
const preface = Buffer.from('PRI ');
/** Requests under way on one connection. */
const STREAMS_MAX = 128;

/**
 * Says once whether a connection speaks HTTP/2, without taking a byte from it. A connection that says nothing in time
 * is told to `onSilent`; one that ends first is nobody's, also one that has only closed its half.
 */
export function distinguish(
  socket: Socket,
  then: {
    readonly msMax: number;
    readonly onHttp1: () => void;
    readonly onHttp2: () => void;
    readonly onSilent: () => void;
  },
): void {
  const done = (): void => {
    clearTimeout(timer);
    socket.off('readable', look).off('close', done).off('end', leave).off('error', ignore);
  };
  // As a balancer does that only asks whether somebody listens.
  const leave = (): void => {
    done();
    socket.destroy();
  };
  const timer = setTimeout(() => {
    done();
    then.onSilent();
  }, then.msMax);
  const look = (): void => {
    // `read` and `unshift` rather than `data`: a parser takes over the socket's handle and would miss those bytes.
    const first = socket.read() as Buffer | null;
    if (first === null) return;
    done();
    socket.unshift(first);
    const seen = first.subarray(0, preface.length);
    // No method of HTTP/1.1 begins with these letters, so that a cut preface is one as well.
    if (seen.equals(preface.subarray(0, seen.length)) && seen.length > 1) then.onHttp2();
    else then.onHttp1();
  };
  socket.on('readable', look).once('close', done).once('end', leave).on('error', ignore);
}

const ignore = (): void => undefined;

export interface DoorOptions {
  readonly headerBytesMax: number;
  /** To the end of a request's body. */
  readonly requestMsMax: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  /** Node's HTTP/2 answers have all members that the shell uses of HTTP/1.1's. */
  readonly onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
}

/** Serves the connections that it is handed. */
export class Http2Door {
  readonly #server: Http2Server;
  readonly #sessions = new Map<Socket, ServerHttp2Session>();
  #arriving: Socket | undefined;

  constructor(options: DoorOptions) {
    this.#server = createServer({
      settings: { maxConcurrentStreams: STREAMS_MAX, maxHeaderListSize: options.headerBytesMax },
    });
    this.#server.on('session', (session) => this.#begin(session, options.keepAliveMs));
    this.#server.on('sessionError', ignore);
    this.#server.on('request', (incoming, outgoing) => {
      const timer = setTimeout(() => outgoing.stream.close(constants.NGHTTP2_CANCEL), options.requestMsMax);
      incoming.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
      outgoing.stream.on('error', ignore);
      options.onRequest(incoming as unknown as IncomingMessage, outgoing as unknown as ServerResponse);
    });
  }

  accept(socket: Socket): void {
    // Servers of HTTP/1.1 keep half of what a caller has closed; here its going would not be noticed.
    socket.allowHalfOpen = false;
    this.#arriving = socket;
    this.#server.emit('connection', socket);
    this.#arriving = undefined;
  }

  owns(socket: Socket): boolean {
    return this.#sessions.has(socket);
  }

  /** Takes no more requests; each connection ends with its last answer. */
  close(): void {
    for (const session of this.#sessions.values()) session.close();
  }

  destroy(): void {
    for (const session of this.#sessions.values()) session.destroy();
  }

  #begin(session: ServerHttp2Session, keepAliveMs: number): void {
    const socket = this.#arriving;
    let streams = 0;
    // Not the session's own timer: frames that ask for nothing put that one off, and it is over after it has rung once.
    // Destroyed rather than closed: an ending session would wait for a head that has begun and never ends.
    const idle = setTimeout(() => {
      if (streams === 0) session.destroy();
    }, keepAliveMs);
    session.on('error', ignore).once('close', () => clearTimeout(idle));
    session.on('stream', (stream) => {
      streams += 1;
      stream.once('close', () => {
        streams -= 1;
        if (!session.destroyed) idle.refresh();
      });
    });
    if (socket === undefined) return;
    this.#sessions.set(socket, session);
    session.once('close', () => this.#sessions.delete(socket));
  }
}
