import type { ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { type ModelEvents, UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { textOfTokens } from './answer-text.ts';
import type { ServedCall, Serving, ServingListener } from './serving.ts';

const done: IteratorResult<ModelEvent> = { done: true, value: undefined };

/**
 * The answer of one call, from the target's side a listener and from the gateway's a stream of canonical events. It begins
 * with its first token: until then the call itself fails, as a call does that is answered by an error.
 */
export class SimulatedAnswer implements ModelEvents, AsyncIterator<ModelEvent>, ServingListener {
  readonly endsWithSignal = true;
  /** Settles when the answer begins, or fails before. */
  readonly begun = Promise.withResolvers<ModelEvents>();
  readonly #call: ServedCall;
  readonly #signal: AbortSignal;
  readonly #onLeft: (answer: SimulatedAnswer) => void;
  readonly #arrived: ModelEvent[] = [];
  #serving: Serving | undefined;
  #waiting: PromiseWithResolvers<IteratorResult<ModelEvent>> | undefined;
  #failure: unknown;
  #writtenTokens = 0;
  #ended = false;

  /** @param onLeft told when the call leaves its gateway */
  constructor(call: ServedCall, signal: AbortSignal, onLeft: (answer: SimulatedAnswer) => void) {
    this.#call = call;
    this.#signal = signal;
    this.#onLeft = onLeft;
  }

  /** Tokens that its target has written. */
  get writtenTokens(): number {
    return this.#writtenTokens;
  }

  /** Its target has written all of it. */
  get isWhole(): boolean {
    return this.#ended;
  }

  /** It is served from here on, unless its caller has gone already. */
  serve(begin: (listener: ServingListener) => Serving): void {
    if (this.#signal.aborted) {
      this.#break(this.#signal.reason);
      return;
    }
    this.#serving = begin(this);
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  left(): void {
    this.#onLeft(this);
  }

  wrote(tokens: number): void {
    const first = this.#writtenTokens === 0;
    this.#writtenTokens += tokens;
    if (first) this.#arrived.push({ type: 'message-start' });
    this.#arrived.push({ type: 'text-delta', index: 0, text: textOfTokens(tokens) });
    if (first) this.begun.resolve(this);
    this.#tell();
  }

  finished(): void {
    this.#over();
    const { inputTokens, outputTokens, maxTokens } = this.#call;
    const stopReason = outputTokens > maxTokens ? 'max_tokens' : 'end_turn';
    this.#arrived.push(
      { type: 'block-stop', index: 0 },
      { type: 'message-stop', stopReason },
      { type: 'usage', usage: { inputTokens, outputTokens: this.#writtenTokens } },
    );
    this.#ended = true;
    this.#tell();
  }

  failed(signal: Omit<UpstreamSignal, 'service' | 'phase'>): void {
    const service = this.#call.target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
    const phase = this.#writtenTokens === 0 ? 'before' : 'in-stream';
    this.#break(new UpstreamFailure({ ...signal, service, phase }));
  }

  [Symbol.asyncIterator](): AsyncIterator<ModelEvent> {
    return this;
  }

  takeArrived(): ModelEvent | undefined {
    return this.#arrived.shift();
  }

  next(): Promise<IteratorResult<ModelEvent>> {
    const event = this.#arrived.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve(done);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  async return(): Promise<IteratorResult<ModelEvent>> {
    this.#onAbort();
    return done;
  }

  readonly #onAbort = (): void => {
    if (this.#ended || this.#failure !== undefined) return;
    this.#serving?.abort();
    this.#break(this.#signal.reason ?? new Error('the answer is not read to its end'));
  };

  #break(failure: unknown): void {
    this.#over();
    this.#failure = failure;
    if (this.#writtenTokens === 0) this.begun.reject(failure);
    this.#waiting?.reject(failure);
    this.#waiting = undefined;
  }

  #over(): void {
    this.#serving = undefined;
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #tell(): void {
    if (this.#waiting === undefined) return;
    const event = this.#arrived.shift();
    this.#waiting.resolve(event === undefined ? done : { done: false, value: event });
    this.#waiting = undefined;
  }
}
