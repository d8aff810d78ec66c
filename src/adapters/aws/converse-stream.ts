/** A ConverseStream answer as canonical events: parsed a packet at a time, so that an event costs no turn of its own. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { ModelEvents } from '#usecases/ports/model-invoker.ts';
import { parseJsonObject } from './answer-reader.ts';
import { eventsOfConverseFrame } from './converse-events.ts';
import { EventStreamDecoder, type EventStreamFrame } from './event-stream-decoder.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import { asUpstreamFailure, failureOfFrame, incomplete } from './upstream-stream.ts';

const service = 'bedrock-runtime';

/** Ends after the last event; fails, after the events before it, where the stream breaks or lacks its end. */
export function converseStream(answer: UpstreamAnswer): ModelEvents & AsyncIterator<ModelEvent> {
  return new ConverseStream(answer);
}

class ConverseStream implements ModelEvents, AsyncIterator<ModelEvent> {
  readonly #answer: UpstreamAnswer;
  readonly #decoder = new EventStreamDecoder();
  #arrived: ModelEvent[] = [];
  #taken = 0;
  /** What the stream says after the events that have arrived. */
  #ending: { readonly error?: unknown } | undefined;
  #stopped = false;
  #measured = false;

  constructor(answer: UpstreamAnswer) {
    this.#answer = answer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  takeArrived(): ModelEvent | undefined {
    const event = this.#arrived[this.#taken];
    if (event !== undefined) this.#taken += 1;
    return event;
  }

  async next(): Promise<IteratorResult<ModelEvent>> {
    for (;;) {
      const value = this.takeArrived();
      if (value !== undefined) return { done: false, value };
      if (this.#ending !== undefined) return this.#tellEnding(this.#ending);
      await this.#readPacket();
    }
  }

  async return(): Promise<IteratorResult<ModelEvent>> {
    this.#arrived = [];
    this.#end({});
    return { done: true, value: undefined };
  }

  /** A failure is told once; after it there is nothing more. */
  #tellEnding(ending: { readonly error?: unknown }): IteratorResult<ModelEvent> {
    this.#ending = {};
    if ('error' in ending) throw ending.error;
    return { done: true, value: undefined };
  }

  async #readPacket(): Promise<void> {
    this.#arrived = [];
    this.#taken = 0;
    try {
      const packet = await this.#answer.body.read();
      if (this.#ending !== undefined) return;
      if (packet === undefined) return this.#finish();
      for (const frame of this.#decoder.push(packet)) this.#take(frame);
    } catch (error) {
      this.#end({ error: asUpstreamFailure(error, service) });
    }
  }

  #take(frame: EventStreamFrame): void {
    if (frame.headers[':message-type'] !== 'event') throw failureOfFrame(frame, service);
    const eventType = frame.headers[':event-type'] ?? '';
    const payload = parseJsonObject(frame.payload.toString('utf8'), eventType);
    this.#stopped ||= eventType === 'messageStop';
    this.#measured ||= eventType === 'metadata';
    for (const event of eventsOfConverseFrame(eventType, payload)) this.#arrived.push(event);
  }

  #finish(): void {
    if (this.#decoder.heldBytes > 0) throw incomplete(service, 'the stream ended inside a frame');
    if (!this.#stopped) throw incomplete(service, 'the stream ended without messageStop');
    if (!this.#measured) throw incomplete(service, 'the stream ended without metadata');
    this.#end({});
  }

  #end(ending: { readonly error?: unknown }): void {
    this.#ending ??= ending;
    this.#answer.body.destroy();
  }
}
