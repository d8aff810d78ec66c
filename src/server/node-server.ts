/**
 * The Node HTTP shell: local mode, containers, Web Functions. It owns sockets and nothing else; every decision is the
 * gateway's.
 *
 * Invariant: no byte that a caller can send ends the process, holds a socket for ever, or leaves a call to a target
 * running after the caller has gone.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';
import { BodyRoom, type BodyShare } from './body-room.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { allowHalfClosed, onHalfClosed } from './half-closed-caller.ts';
import { distinguish, Http2Door } from './http2-door.ts';
import type { ReaderLimits } from './reader-pace.ts';
import { errorBody, refusalHeaders, refuseConnection, writeRefusal } from './refuse-connection.ts';
import { RequestsUnderWay } from './requests-under-way.ts';
import { sendAnswer } from './send-answer.ts';
import { breakOff, hasLeft, isGone, isSentWhole, refuseRequest, sendResponse } from './send-response.ts';
import { UnservableRequest, webRequest } from './web-request.ts';

interface ServerLimits extends ReaderLimits {
  /** Bytes of a request's head. */
  readonly headerBytesMax: number;
  /** From a connection's first byte to the end of the head. */
  readonly headersMsMax: number;
  /** To the end of the body. */
  readonly requestMsMax: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  /** How long `close` waits for requests in flight. */
  readonly drainMsMax: number;
  /** Requests under way on one connection. One more is refused, and ends a connection of HTTP/1.1. */
  readonly connectionRequestsMax: number;
  /** Requests under way in all: what they hold is bounded each. One more is answered 429. */
  readonly requestsMax: number;
  /** Bytes of bodies that requests under way hold in all. What is over it is answered 429. */
  readonly bodyBytesMax: number;
}

const defaultServerLimits: ServerLimits = {
  headerBytesMax: 32 * 1024,
  headersMsMax: 10_000,
  requestMsMax: 60_000,
  // Above the idle time of the load balancers that may stand in front (60 s), so that they close first.
  keepAliveMs: 65_000,
  stallMsMax: 60_000,
  // Below the slowest of networks and above what only holds a call.
  readBytesPerSecondMin: 1024,
  drainMsMax: 10_000,
  // As many streams as a connection of HTTP/2 may have open; clients of HTTP/1.1 send the next request after the answer.
  connectionRequestsMax: 128,
  requestsMax: 4_096,
  // 64 of the longest; parsed and written anew, each takes some times its length.
  bodyBytesMax: 512 * 1024 * 1024,
};

export interface ServeOptions {
  /** `Gateway.answer`, or anything that answers in the web's terms. */
  readonly handle: (request: GatewayRequest) => Promise<GatewayAnswer | Response>;
  /** @default 127.0.0.1 */
  readonly host?: string | undefined;
  /** 0 picks a free one. */
  readonly port: number;
  /** Whether the configuration carries tenants' keys in clear: then only loopback is served. @default true */
  readonly hasTenantKeys?: boolean | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Told of what `handle` threw: a defect, never a caller's doing. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface ServedGateway {
  readonly port: number;
  readonly url: string;
  /** Requests whose answers are not closed yet. */
  requestsUnderWay(): number;
  /** Takes no more requests, waits for those in flight, then ends what is left. */
  close(): Promise<void>;
}

/** @throws an Error when the host is beyond loopback and must not be, or the port cannot be had */
export async function serveGateway(options: ServeOptions): Promise<ServedGateway> {
  const { host = '127.0.0.1', port, hasTenantKeys = true } = options;
  if (hasTenantKeys && !isLoopback(host)) {
    throw new Error(
      `host ${host} is reachable from other machines, and the configuration holds tenants' keys in clear; ` +
        'serve 127.0.0.1, or take tenants.*.keys out of the configuration',
    );
  }
  const shell = new Shell({ ...options, limits: { ...defaultServerLimits, ...options.limits } });
  return shell.listen(host, port);
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

type ShellOptions = Omit<ServeOptions, 'limits'> & { readonly limits: ServerLimits };

class Shell {
  readonly #options: ShellOptions;
  readonly #server: Server;
  readonly #http2: Http2Door;
  readonly #inFlight = new RequestsUnderWay();
  readonly #sockets = new Set<Duplex>();
  readonly #slots: ConnectionSlots;
  readonly #bodies: BodyRoom;
  /** One for all requests: those that have no end of their own hear it. */
  readonly #draining = new AbortController();
  #origin = '';
  #closed: Promise<void> | undefined;

  constructor(options: ShellOptions) {
    this.#options = options;
    const { limits } = options;
    this.#slots = new ConnectionSlots(limits.connectionRequestsMax);
    this.#bodies = new BodyRoom(limits.bodyBytesMax);
    this.#server = createServer({
      noDelay: true,
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headersMsMax,
      requestTimeout: limits.requestMsMax,
      maxHeaderSize: limits.headerBytesMax,
      // Node would answer without a word; `webRequest` says what is wrong.
      requireHostHeader: false,
      connectionsCheckingInterval: Math.max(50, Math.min(1_000, limits.headersMsMax / 4)),
    });
    this.#http2 = new Http2Door({
      ...limits,
      onRequest: (incoming, outgoing) => void this.#serve(incoming, outgoing, false),
    });
    allowHalfClosed(this.#server);
    const [toHttp1] = this.#server.listeners('connection');
    this.#server.removeAllListeners('connection');
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      distinguish(socket, {
        msMax: limits.headersMsMax,
        onHttp1: () => {
          toHttp1?.call(this.#server, socket);
          socket.once('end', () => onHalfClosed(socket, this.#answersTo(socket)));
        },
        onHttp2: () => this.#http2.accept(socket),
        onSilent: () => writeRefusal(socket, '408 Request Timeout', 'the request did not arrive in time'),
      });
    });
    this.#server.on('request', (incoming, outgoing) => void this.#serve(incoming, outgoing, false));
    this.#server.on('checkContinue', (incoming, outgoing) => void this.#serve(incoming, outgoing, true));
    this.#server.on('checkExpectation', (incoming, outgoing) => void this.#serve(incoming, outgoing, false));
    this.#server.on('connect', (_incoming, socket) =>
      writeRefusal(socket, '405 Method Not Allowed', 'the method CONNECT is not served here'),
    );
    this.#server.on('clientError', (error, socket) =>
      refuseConnection(error, socket, this.#answerBegun(socket)),
    );
  }

  async listen(host: string, port: number): Promise<ServedGateway> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const bound = (this.#server.address() as AddressInfo).port;
    this.#origin = `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`;
    const requestsUnderWay = () => this.#inFlight.size;
    return { port: bound, url: this.#origin, requestsUnderWay, close: () => this.#close() };
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse, awaitsContinue: boolean): Promise<void> {
    outgoing.on('error', ignore);
    // A request of HTTP/2 can be reset before anyone has seen it.
    if (isGone(outgoing)) return;
    const letGo = this.#slots.take(outgoing);
    if (letGo === undefined) return refuseRequest(outgoing);
    const controller = new AbortController();
    const underWay = this.#inFlight.add(outgoing, controller);
    const body = this.#bodies.share();
    outgoing.once('close', () => {
      this.#inFlight.remove(underWay);
      body.giveBack();
      if (!isSentWhole(outgoing)) controller.abort(new Error('the caller has gone'));
      if (this.#closed !== undefined) this.#endIdle(incoming);
    });
    const onFirstRead = () => {
      if (awaitsContinue) outgoing.writeContinue();
    };
    const answer = await this.#answer(incoming, { signal: controller.signal, onFirstRead, body });
    const sendOptions = {
      isHead: incoming.method === 'HEAD',
      closeConnection: this.#closed !== undefined,
      stallMsMax: this.#options.limits.stallMsMax,
      readBytesPerSecondMin: this.#options.limits.readBytesPerSecondMin,
    };
    try {
      const sending =
        answer instanceof Response
          ? sendResponse(answer, outgoing, sendOptions)
          : sendAnswer(answer, outgoing, sendOptions);
      if (sending !== undefined) await sending;
    } catch (error) {
      this.#options.onDefect?.(error);
      breakOff(outgoing);
    }
    letGo();
    // What was written last may still wait for a caller that reads nothing.
    if (!hasLeft(outgoing)) outgoing.setTimeout(this.#options.limits.stallMsMax, () => breakOff(outgoing));
    // An unread body of HTTP/2 holds up nothing but its own stream, which the answer has ended.
    if (!incoming.complete && incoming.httpVersionMajor === 1) drain(incoming);
  }

  async #answer(
    incoming: IncomingMessage,
    {
      body,
      ...options
    }: { readonly signal: AbortSignal; readonly onFirstRead: () => void; readonly body: BodyShare },
  ): Promise<GatewayAnswer | Response> {
    if (this.#inFlight.size > this.#options.limits.requestsMax) return tooManyRequests();
    try {
      const takesBytes = (bytes: number) => body.take(bytes);
      const shell = { origin: this.#origin, draining: this.#draining.signal };
      const request = webRequest(incoming, { ...options, ...shell, takesBytes });
      const answer = await this.#options.handle(request);
      // To the gateway the body broke; its caller did nothing wrong.
      return body.overfull ? tooManyRequests() : answer;
    } catch (error) {
      if (body.overfull) return tooManyRequests();
      if (error instanceof UnservableRequest)
        return jsonResponse(error.status, errorBody(error.message, error.code));
      this.#options.onDefect?.(error);
      return jsonResponse(500, errorBody('the gateway failed', 'internal_error', 'api_error'));
    }
  }

  #answerBegun(socket: Duplex): boolean {
    return this.#answersTo(socket).find((outgoing) => outgoing.socket === socket)?.headersSent === true;
  }

  /** Under way on a connection; of requests that were sent ahead the first has its turn. */
  #answersTo(socket: Duplex): readonly ServerResponse[] {
    const answers = this.#inFlight.all().map(({ outgoing }) => outgoing);
    return answers.filter((outgoing) => outgoing.req.socket === socket);
  }

  /** Its answer began before the server was told to stop, and so promised to take more. */
  #endIdle({ socket, httpVersionMajor }: IncomingMessage): void {
    if (httpVersionMajor === 1 && this.#answersTo(socket).length === 0) socket.destroySoon();
  }

  #close(): Promise<void> {
    this.#closed ??= this.#drainAndClose();
    return this.#closed;
  }

  async #drainAndClose(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#draining.abort(new Error('the server stops'));
    // Node's own notion of idle leaves out a connection that has not sent a request yet: clients open some ahead.
    const busy = new Set(this.#inFlight.all().map(({ outgoing }): Duplex | null => outgoing.socket));
    for (const socket of this.#sockets) {
      if (!busy.has(socket) && !this.#http2.owns(socket as Socket)) socket.destroy();
    }
    this.#http2.close();
    const timer = setTimeout(() => {
      for (const { controller } of this.#inFlight.all()) controller.abort(new Error('the server stops'));
      this.#server.closeAllConnections();
      this.#http2.destroy();
    }, this.#options.limits.drainMsMax);
    await closed;
    clearTimeout(timer);
  }
}

function ignore(): void {
  // Whoever has gone is told nothing.
}

function jsonResponse(status: number, body: string): Response {
  return new Response(body, { status, headers: refusalHeaders(status) });
}

function tooManyRequests(): Response {
  const message = 'the gateway has as many requests under way, or as long ones, as it takes';
  const answer = jsonResponse(429, errorBody(message, 'capacity_exhausted', 'rate_limit_error'));
  answer.headers.set('retry-after', '1');
  return answer;
}

/** Bytes and time that a caller gets to finish a body nobody reads, so that it sees the answer and not a reset. */
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;
const DRAIN_MS_MAX = 2_000;

function drain(incoming: IncomingMessage): void {
  let bytes = 0;
  const stop = () => incoming.socket.destroy();
  const timer = setTimeout(stop, DRAIN_MS_MAX);
  incoming.once('close', () => clearTimeout(timer));
  incoming.once('end', () => clearTimeout(timer));
  incoming.on('error', () => undefined);
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // Not ended at once: a reset would overtake the answer, which a caller that writes fast has not read yet.
    if (bytes > DRAIN_BYTES_MAX) incoming.pause();
  });
  incoming.resume();
}
