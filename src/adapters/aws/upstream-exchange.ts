/**
 * One HTTP exchange with an upstream: sends once, hands out the head, then the body as it comes, with back-pressure.
 *
 * Invariant: every ending is exactly one of: the last byte, an `UpstreamFailure`, or the reason of the caller's signal;
 * whichever it is, the socket is returned or destroyed and no timer or listener is left behind.
 */
import type { Dispatcher } from 'undici';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { callAfter } from '../system/coarse-timer.ts';

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly service: UpstreamSignal['service'];
  readonly origin: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** How long to wait for a connection that takes the request. */
  readonly connectMsMax: number;
  readonly signal: AbortSignal;
  /** Called once, when a connection has taken the request. */
  readonly onSent?: (() => void) | undefined;
  /** Called once, when the exchange holds its socket no more. */
  readonly onEnd: () => void;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: UpstreamBody;
}

/** Who is told of the next bytes: once, of one or the other. */
export interface BodyReader {
  /** @param chunk undefined after the last bytes */
  onChunk(chunk: Uint8Array | undefined): void;
  onError(error: unknown): void;
}

export interface UpstreamBody {
  /** The next bytes; undefined after the last. */
  read(): Promise<Uint8Array | undefined>;
  /** The same without a promise: tells as soon as they are there, which may be at once. One at a time. */
  readFor(reader: BodyReader): void;
  /** Ends the exchange and closes its socket, unless it has ended. */
  destroy(): void;
}

/** Bytes held for a slow reader before the socket is paused. */
const HELD_BYTES_MAX = 256 * 1024;

/** Resolves with the answer's head. Throws an `UpstreamFailure` before it, or the signal's reason. */
export function exchange(options: ExchangeOptions): Promise<UpstreamAnswer> {
  if (options.signal.aborted) {
    options.onEnd();
    return Promise.reject(options.signal.reason);
  }
  return new Exchange(options).head;
}

class Exchange implements Dispatcher.DispatchHandler, UpstreamBody {
  readonly head: Promise<UpstreamAnswer>;
  readonly #options: ExchangeOptions;
  readonly #head = Promise.withResolvers<UpstreamAnswer>();
  readonly #stopConnectTimer: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Uint8Array[] = [];
  #heldBytes = 0;
  #waiting: BodyReader | undefined;
  #headSeen = false;
  #ending: { readonly error?: unknown } | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.head = this.#head.promise;
    this.#stopConnectTimer = callAfter(options.connectMsMax, () => this.#failConnect());
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    const { dispatcher, origin, path, headers, body } = options;
    dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#stopConnectTimer();
    // Given up while it waited for a connection: the request must not go out now.
    if (this.#ending !== undefined) controller.abort(new Error('the caller has gone'));
    else this.#options.onSent?.();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#headSeen = true;
    this.#head.resolve({ status, headers, body: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      // First: it may ask for more at once.
      this.#waiting = undefined;
      waiting.onChunk(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.byteLength;
    if (this.#heldBytes > HELD_BYTES_MAX) controller.pause();
  }

  onResponseEnd(): void {
    this.#end({});
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end({ error: this.#failureOf(error) });
  }

  read(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => this.readFor({ onChunk: resolve, onError: reject }));
  }

  readFor(reader: BodyReader): void {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#heldBytes -= chunk.byteLength;
      if (this.#controller?.paused === true && this.#heldBytes <= HELD_BYTES_MAX / 2)
        this.#controller.resume();
      reader.onChunk(chunk);
      return;
    }
    if (this.#ending === undefined) this.#waiting = reader;
    else tell(reader, this.#ending);
  }

  destroy(): void {
    // Most answers have ended by then, and an error costs its stack.
    if (this.#ending === undefined) this.#giveUp(new Error('the answer is not read on'));
  }

  readonly #onAbort = (): void => this.#giveUp(this.#options.signal.reason);

  #failConnect(): void {
    this.#giveUp(
      new UpstreamFailure({
        service: this.#options.service,
        kind: 'timeout',
        phase: 'before',
        deadline: 'connect',
        message: `no connection to ${this.#options.origin} within ${this.#options.connectMsMax} ms`,
      }),
    );
  }

  #giveUp(error: unknown): void {
    if (this.#ending !== undefined) return;
    // Bytes that came before are worth nothing to a caller that gave up.
    this.#chunks = [];
    this.#end({ error });
    this.#controller?.abort(error instanceof Error ? error : new Error(String(error)));
  }

  #end(ending: { readonly error?: unknown }): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#stopConnectTimer();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#options.onEnd();
    if ('error' in ending && !this.#headSeen) this.#head.reject(ending.error);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) tell(waiting, ending);
  }

  #failureOf(error: Error): UpstreamFailure {
    const { service } = this.#options;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const phase = this.#headSeen ? 'in-stream' : 'before';
    const message = code === '' ? error.message : `${code}: ${error.message}`;
    if (error.name === 'HTTPParserError' || unreadableCodes.has(code)) {
      return new UpstreamFailure({ service, kind: 'malformed', phase, message }, error);
    }
    const kind = this.#controller === undefined ? 'connect' : 'reset';
    return new UpstreamFailure({ service, kind, phase, message }, error);
  }
}

function tell(reader: BodyReader, ending: { readonly error?: unknown }): void {
  if ('error' in ending) reader.onError(ending.error);
  else reader.onChunk(undefined);
}

/** undici's codes for an answer that breaks HTTP. */
const unreadableCodes = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);
