import type { ServerResponse } from 'node:http';

/** A request whose answer is not closed yet. */
export interface RequestUnderWay {
  readonly outgoing: ServerResponse;
  /** Tells the gateway that the caller has gone. */
  readonly controller: AbortController;
}

interface Placed extends RequestUnderWay {
  index: number;
}

/**
 * The requests that a server has under way. A list whose members know their places: a `Map` that gains and loses one
 * with every request is built anew every few of them.
 */
export class RequestsUnderWay {
  readonly #placed: Placed[] = [];

  get size(): number {
    return this.#placed.length;
  }

  all(): readonly RequestUnderWay[] {
    return this.#placed.slice();
  }

  add(outgoing: ServerResponse, controller: AbortController): RequestUnderWay {
    const request = { outgoing, controller, index: this.#placed.length };
    this.#placed.push(request);
    return request;
  }

  /** Once for each that was added. The last one takes its place, so that it costs the same however many there are. */
  remove(request: RequestUnderWay): void {
    const { index } = request as Placed;
    const last = this.#placed.pop();
    if (last === undefined || last === request) return;
    this.#placed[index] = last;
    last.index = index;
  }
}
