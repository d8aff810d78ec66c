import type { FrontDoorPrincipal } from '#core/keys/principal.ts';
import type { Tenant } from '../ports/tenant-directory.ts';

/** The body of a request. Read once, as it arrives; fails where it ends too early. */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /**
   * All of it at once where all has arrived by now; else undefined, and it is to be read.
   *
   * @param bytes how long it is announced to be
   * @default - it never has
   */
  takeWhole?(bytes: number): Uint8Array | undefined;
}

/** What the stages read of a request, and no more: every web-standard `Request` is one, and a shell can do with less. */
export interface GatewayRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** By name in any case, and in a row by lower-case names. */
  readonly headers: Pick<Headers, 'get' | 'has'> & Iterable<readonly [string, string]>;
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal;
  /**
   * What the shell has left for the whole answer, its end included, in milliseconds from now: it passes as a deadline does.
   *
   * @default - as long as it takes
   */
  readonly answerWithinMs?: number | undefined;
  /** Aborts when the shell takes no more requests: an answer that has no end of its own ends then. @default - it never does */
  readonly draining?: AbortSignal | undefined;
  /** Null where the method has none. */
  readonly body: RequestBody | null;
  /** Who signed the request, where the front door verified it: from the door's own word, never from a header. */
  readonly principal?: FrontDoorPrincipal | undefined;
  /** For whom the product itself asks, as it does for the lines of a stored batch: no shell ever sets it. */
  readonly tenant?: Tenant | undefined;
}
