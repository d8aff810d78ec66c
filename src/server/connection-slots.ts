import type { ServerResponse } from 'node:http';
import type { Http2Stream } from 'node:http2';

/**
 * How many requests each connection has under way. HTTP/2 bounds the streams that are open, yet a stream that its caller
 * resets at once is open no more while the gateway still works for it; HTTP/1.1 bounds nothing, and every request that is
 * pipelined begins at once.
 */
export class ConnectionSlots {
  readonly #max: number;
  /** Kept as long as the connection: to forget it after every request would cost more than the count. */
  readonly #taken = new WeakMap<object, { slots: number }>();

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Takes a slot until the answer is closed and what is returned was called: when nothing works for the request any
   * more. Undefined when the connection has no slot left.
   */
  take(outgoing: ServerResponse & { readonly stream?: Http2Stream }): (() => void) | undefined {
    const connection = outgoing.stream?.session ?? outgoing.req.socket;
    const taken = this.#takenOf(connection);
    if (taken.slots >= this.#max) return undefined;
    taken.slots += 1;
    let holders = 2;
    const letGo = () => {
      holders -= 1;
      if (holders === 0) taken.slots -= 1;
    };
    outgoing.once('close', letGo);
    return letGo;
  }

  #takenOf(connection: object): { slots: number } {
    const known = this.#taken.get(connection);
    if (known !== undefined) return known;
    const none = { slots: 0 };
    this.#taken.set(connection, none);
    return none;
  }
}
