/** The body of a Node request, taken from the socket as it is read and no faster. */
import type { IncomingMessage } from 'node:http';
import type { RequestBody } from '#usecases/gateway/gateway-request.ts';

/** Bytes held for a reader that is not there yet before the socket is paused. */
const HELD_BYTES_MAX = 64 * 1024;

/** Node's own iterator does the same for four times the price. */
export class BodyReader implements AsyncIterableIterator<Uint8Array>, RequestBody {
  readonly #incoming: IncomingMessage;
  readonly #onFirstRead: () => void;
  readonly #takesBytes: (bytes: number) => boolean;
  #begun = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #waiting: PromiseWithResolvers<IteratorResult<Uint8Array>> | undefined;
  #ending: { readonly error?: unknown } | undefined;

  /**
   * @param onFirstRead called when the body is first read: the moment for `100 Continue`
   * @param takesBytes asked of each part that comes; the body breaks where it says no
   */
  constructor(
    incoming: IncomingMessage,
    onFirstRead: () => void,
    takesBytes: (bytes: number) => boolean = () => true,
  ) {
    this.#incoming = incoming;
    this.#takesBytes = takesBytes;
    this.#onFirstRead = onFirstRead;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A short body comes in one packet with the head: without a listener it costs a quarter. */
  takeWhole(bytes: number): Uint8Array | undefined {
    const incoming = this.#incoming;
    // Node's word that a request is complete comes a turn later; a reset of HTTP/2 may still come in between.
    const hasArrived = incoming.readableLength === bytes && incoming.httpVersionMajor === 1;
    if (this.#begun || !hasArrived || incoming.destroyed || !this.#takesBytes(bytes)) return undefined;
    this.#begun = true;
    this.#ending = {};
    this.#onFirstRead();
    const whole: Uint8Array | null = incoming.read();
    // Its end is read as well, so that the next request on the socket has its turn.
    incoming.resume();
    return whole ?? new Uint8Array();
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#begun) this.#begin();
    const value = this.#held.shift();
    if (value !== undefined) {
      this.#heldBytes -= value.byteLength;
      if (this.#held.length === 0 && this.#ending === undefined) this.#incoming.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#ending !== undefined) return this.#told(this.#ending);
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** What is left unread is the server's to drain, so that the next request on the socket can be told apart. */
  async return(): Promise<IteratorResult<Uint8Array>> {
    if (this.#begun && this.#ending === undefined) this.#incoming.pause();
    this.#held = [];
    this.#end({});
    return { done: true, value: undefined };
  }

  #begin(): void {
    this.#begun = true;
    this.#onFirstRead();
    const incoming = this.#incoming;
    if (incoming.destroyed && !incoming.readableEnded) this.#onClose();
    if (this.#ending !== undefined) return;
    incoming.on('data', this.#onData).once('end', this.#onEnd);
    incoming.once('error', this.#onError).once('close', this.#onClose);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#takesBytes(chunk.length)) {
      this.#incoming.pause();
      this.#end({ error: new Error('there is no room for the body') });
      return;
    }
    const value = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#waiting !== undefined) {
      this.#waiting.resolve({ done: false, value });
      this.#waiting = undefined;
      return;
    }
    this.#held.push(value);
    this.#heldBytes += value.byteLength;
    if (this.#heldBytes > HELD_BYTES_MAX) this.#incoming.pause();
  };

  readonly #onEnd = (): void => this.#end({});
  readonly #onError = (error: unknown): void => this.#end({ error });
  readonly #onClose = (): void => this.#end({ error: new Error('the body ended before it was whole') });

  #end(ending: { readonly error?: unknown }): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    const { data, end, close } = { data: this.#onData, end: this.#onEnd, close: this.#onClose };
    // An error that comes later is nobody's: the listener for it stays.
    this.#incoming.off('data', data).off('end', end).off('close', close);
    if (this.#waiting === undefined) return;
    this.#told(ending).then(this.#waiting.resolve, this.#waiting.reject);
    this.#waiting = undefined;
  }

  #told(ending: { readonly error?: unknown }): Promise<IteratorResult<Uint8Array>> {
    return 'error' in ending
      ? Promise.reject(ending.error)
      : Promise.resolve({ done: true, value: undefined });
  }
}
