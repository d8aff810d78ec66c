/** One call of a function, from the moment that Lambda takes it to the last byte of its answer. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

/** What went wrong in a function or with its environment, as Lambda tells the caller. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How a function answered. A stream's `ended` tells of an error in its middle; its body breaks off then. */
export type FunctionAnswer =
  | { readonly kind: 'failed'; readonly error: FunctionError }
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | {
      readonly kind: 'stream';
      readonly contentType: string;
      readonly body: Readable;
      readonly ended: Promise<FunctionError | undefined>;
    };

export class Invocation {
  readonly id: string;
  readonly payload: Uint8Array;
  /** As X-Ray writes it. */
  readonly traceId: string;
  readonly #answer = Promise.withResolvers<FunctionAnswer>();
  #isAnswered = false;
  #breakOff: ((error: FunctionError) => void) | undefined;

  constructor(payload: Uint8Array, nowMs: number) {
    this.id = randomUUID();
    this.payload = payload;
    const seconds = Math.floor(nowMs / 1000).toString(16);
    const parent = randomBytes(8).toString('hex');
    this.traceId = `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${parent};Sampled=0`;
  }

  /** Settled with the first byte of a stream, or with the whole of any other answer. */
  get answered(): Promise<FunctionAnswer> {
    return this.#answer.promise;
  }

  /** @param breakOff ends a stream that is under way when the environment fails */
  answer(answer: FunctionAnswer, breakOff?: (error: FunctionError) => void): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#breakOff = breakOff;
    this.#answer.resolve(answer);
  }

  /** Tells the caller of an error: as the answer, or by breaking off the one that has begun. */
  fail(error: FunctionError): void {
    this.#breakOff?.(error);
    this.answer({ kind: 'failed', error });
  }
}
