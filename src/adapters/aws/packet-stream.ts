/** A streamed answer as canonical events: parsed a packet at a time, so that an event costs no turn of its own. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { ModelEvents } from '#usecases/ports/model-invoker.ts';
import { EventStreamDecoder, type EventStreamFrame } from './event-stream-decoder.ts';
import type { BodyReader, UpstreamAnswer } from './upstream-exchange.ts';
import { asUpstreamFailure, failureOfFrame, incomplete } from './upstream-stream.ts';

/** Follows one answer's format. */
export interface FrameReader {
  /** Adds what an event says; what was added before a complaint is still told. @throws what the stream fails with */
  take(frame: EventStreamFrame, arrived: ModelEvent[]): void;
  /** Adds what only the stream's end completes. @throws what the stream fails with where it lacks its end */
  finish(arrived: ModelEvent[]): void;
  /** Behind the events of each piece comes the piece itself: its caller speaks the same format. */
  readonly verbatim: boolean;
}

/** Comes first, so that a writer knows that pieces follow before it is told what is in them. */
const piecesFollow: ModelEvent = { type: 'verbatim', bytes: new Uint8Array() };

/**
 * Ends after the last event; fails, after the events before it, where a frame carries an exception or is damaged, where
 * the stream breaks, or lacks its end.
 */
export function packetStream(
  answer: UpstreamAnswer,
  service: UpstreamSignal['service'],
  reader: FrameReader,
): ModelEvents & AsyncIterator<ModelEvent> {
  return new PacketStream(answer, service, reader);
}

type Step = IteratorResult<ModelEvent>;

class PacketStream implements ModelEvents, AsyncIterator<ModelEvent>, BodyReader {
  readonly endsWithSignal = true;
  readonly #answer: UpstreamAnswer;
  readonly #service: UpstreamSignal['service'];
  readonly #reader: FrameReader;
  readonly #decoder = new EventStreamDecoder();
  #arrived: ModelEvent[] = [];
  #taken = 0;
  /** What the stream says after the events that have arrived. */
  #ending: { readonly error?: unknown } | undefined;
  /** Of the one call of `next` that is under way. */
  #waiting: PromiseWithResolvers<Step> | undefined;
  #reads = false;
  /** What has arrived held no whole frame. */
  #lacks = false;

  constructor(answer: UpstreamAnswer, service: UpstreamSignal['service'], reader: FrameReader) {
    this.#answer = answer;
    this.#service = service;
    this.#reader = reader;
    if (reader.verbatim) this.#arrived.push(piecesFollow);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  takeArrived(): ModelEvent | undefined {
    const event = this.#arrived[this.#taken];
    if (event !== undefined) this.#taken += 1;
    return event;
  }

  next(): Promise<Step> {
    const value = this.takeArrived();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ending !== undefined) return this.#tellEnding(this.#ending);
    const waiting = Promise.withResolvers<Step>();
    this.#waiting = waiting;
    this.#readOn();
    return waiting.promise;
  }

  /** Parsed where it arrives: a promise of each packet's own costs more than the packet. */
  onChunk(packet: Uint8Array | undefined): void {
    if (this.#ending === undefined) this.#takePacket(packet);
    const value = this.takeArrived();
    if (value !== undefined) this.#waiting?.resolve({ done: false, value });
    else if (this.#ending !== undefined) this.#waiting?.resolve(this.#tellEnding(this.#ending));
    else this.#readOn();
  }

  onError(error: unknown): void {
    this.#end({ error: asUpstreamFailure(error, this.#service) });
    this.#waiting?.resolve(this.#tellEnding(this.#ending ?? {}));
  }

  async return(): Promise<Step> {
    this.#arrived = [];
    this.#end({});
    return { done: true, value: undefined };
  }

  /** A loop and no recursion: what has arrived may be thousands of pieces of one frame. */
  #readOn(): void {
    this.#lacks = true;
    if (this.#reads) return;
    this.#reads = true;
    while (this.#lacks) {
      this.#lacks = false;
      this.#answer.body.readFor(this);
    }
    this.#reads = false;
  }

  /** A failure is told once; after it there is nothing more. */
  #tellEnding(ending: { readonly error?: unknown }): Promise<Step> {
    this.#ending = {};
    return 'error' in ending
      ? Promise.reject(ending.error)
      : Promise.resolve({ done: true, value: undefined });
  }

  #takePacket(packet: Uint8Array | undefined): void {
    this.#arrived = [];
    this.#taken = 0;
    try {
      if (packet === undefined) this.#finish();
      else this.#takeFrames(packet);
    } catch (error) {
      this.#end({ error: asUpstreamFailure(error, this.#service) });
    }
  }

  #finish(): void {
    if (this.#decoder.heldBytes > 0) throw incomplete(this.#service, 'the stream ended inside a frame');
    this.#reader.finish(this.#arrived);
    this.#end({});
  }

  #takeFrames(packet: Uint8Array): void {
    for (const frame of this.#decoder.push(packet)) {
      if (frame.headers[':message-type'] !== 'event') throw failureOfFrame(frame, this.#service);
      this.#reader.take(frame, this.#arrived);
    }
  }

  #end(ending: { readonly error?: unknown }): void {
    this.#ending ??= ending;
    this.#answer.body.destroy();
  }
}
