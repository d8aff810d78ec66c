/** A ConverseStream answer as canonical events. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { ModelEvents } from '#usecases/ports/model-invoker.ts';
import { parseJsonObject } from './answer-reader.ts';
import { eventsOfConverseFrame } from './converse-events.ts';
import type { EventStreamFrame } from './event-stream-decoder.ts';
import { type FrameReader, packetStream } from './packet-stream.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import { incomplete } from './upstream-stream.ts';

const service = 'bedrock-runtime';

/** @param verbatim behind the events of a frame, the frame itself: its caller speaks the same format */
export function converseStream(
  answer: UpstreamAnswer,
  verbatim = false,
): ModelEvents & AsyncIterator<ModelEvent> {
  return packetStream(answer, service, new ConverseReader(verbatim));
}

class ConverseReader implements FrameReader {
  readonly verbatim: boolean;
  #stopped = false;
  #measured = false;

  constructor(verbatim: boolean) {
    this.verbatim = verbatim;
  }

  finish(): void {
    if (!this.#stopped) throw incomplete(service, 'the stream ended without messageStop');
    if (!this.#measured) throw incomplete(service, 'the stream ended without metadata');
  }

  take(frame: EventStreamFrame, arrived: ModelEvent[]): void {
    const eventType = frame.headers[':event-type'] ?? '';
    const payload = parseJsonObject(frame.payload.toString('utf8'), eventType);
    this.#stopped ||= eventType === 'messageStop';
    this.#measured ||= eventType === 'metadata';
    for (const event of eventsOfConverseFrame(eventType, payload)) arrived.push(event);
    if (this.verbatim) arrived.push({ type: 'verbatim', bytes: frame.bytes });
  }
}
