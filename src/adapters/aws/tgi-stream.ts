/** What a container answers in TGI's own format, as canonical events. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import { type JsonObject, parseJsonObject } from './answer-reader.ts';
import { containerFailure, type DataReader } from './server-sent-lines.ts';
import { TgiEvents, tgiError } from './tgi-events.ts';

const DETAILS = 'its details';

/** Reads one streamed answer. */
export class TgiReader implements DataReader {
  readonly verbatim = false;
  readonly #events: TgiEvents;

  constructor(stopSequences: readonly string[]) {
    this.#events = new TgiEvents(stopSequences);
  }

  read(data: string, arrived: ModelEvent[]): void {
    if (this.#events.stopped) return;
    for (const event of this.#events.push(orFailure(parseJsonObject(data, 'a chunk')))) arrived.push(event);
  }

  missing(): string | undefined {
    return this.#events.stopped ? undefined : DETAILS;
  }
}

/** Reads an answer that came whole: a list of one, or what went wrong. @throws MalformedAnswer; UpstreamFailure */
export function tgiAnswer(text: string, stopSequences: readonly string[]): readonly ModelEvent[] {
  const answer = text.trimStart().startsWith('[')
    ? parseJsonObject(`{"whole":${text}}`, 'the answer').whole
    : orFailure(parseJsonObject(text, 'the answer'));
  return new TgiEvents(stopSequences).pushWhole(answer);
}

function orFailure(chunk: JsonObject): JsonObject {
  const failure = tgiError(chunk);
  if (failure !== undefined) throw containerFailure(failure.message, failure.status);
  return chunk;
}
