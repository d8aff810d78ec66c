/** A ConverseStream answer as canonical events. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { ModelEvents } from '#usecases/ports/model-invoker.ts';
import { parseJsonObject } from './answer-reader.ts';
import { eventsOfConverseFrame, readPlainTextDelta, refuseMalformedStop } from './converse-events.ts';
import type { EventStreamFrame } from './event-stream-decoder.ts';
import { type FrameReader, packetStream } from './packet-stream.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import { incomplete } from './upstream-stream.ts';

const service = 'bedrock-runtime';

interface Wanted {
  /** Behind the events of a frame comes the frame itself: its caller speaks the same format. @default false */
  readonly verbatim?: boolean | undefined;
  /** The end of an answer that the model itself spoiled is told as one; else the stream fails with it. @default false */
  readonly tellsMalformedStop?: boolean | undefined;
}

export function converseStream(
  answer: UpstreamAnswer,
  wanted: Wanted = {},
): ModelEvents & AsyncIterator<ModelEvent> {
  return packetStream(answer, service, new ConverseReader(wanted));
}

class ConverseReader implements FrameReader {
  readonly verbatim: boolean;
  readonly #tellsMalformedStop: boolean;
  #stopped = false;
  #measured = false;

  constructor({ verbatim = false, tellsMalformedStop = false }: Wanted) {
    this.verbatim = verbatim;
    this.#tellsMalformedStop = tellsMalformedStop;
  }

  finish(): void {
    if (!this.#stopped) throw incomplete(service, 'the stream ended without messageStop');
    if (!this.#measured) throw incomplete(service, 'the stream ended without metadata');
  }

  take(frame: EventStreamFrame, arrived: ModelEvent[]): void {
    const eventType = frame.headers[':event-type'] ?? '';
    const { text } = frame;
    const delta = eventType === 'contentBlockDelta' ? readPlainTextDelta(text) : undefined;
    if (delta === undefined) this.#takeJson(eventType, text, arrived);
    else arrived.push(delta);
    if (this.verbatim) arrived.push({ type: 'verbatim', bytes: frame.bytes });
  }

  #takeJson(eventType: string, text: string, arrived: ModelEvent[]): void {
    const payload = parseJsonObject(text, eventType);
    this.#stopped ||= eventType === 'messageStop';
    this.#measured ||= eventType === 'metadata';
    for (const event of eventsOfConverseFrame(eventType, payload)) {
      if (!this.#tellsMalformedStop) refuseMalformedStop(event);
      arrived.push(event);
    }
  }
}
