/** TGI's own answers, streamed token by token or whole, as canonical events. Pure. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import { stopReasonOfTgi } from '#core/wire/stop-reasons.ts';
import {
  arrayIn,
  countIn,
  type JsonObject,
  MalformedAnswer,
  objectIn,
  optionalCount,
  optionalObject,
  optionalString,
  stringIn,
} from './answer-reader.ts';

/** Follows one streamed answer. TGI leaves the stop sequence in its text; callers are not shown it. */
export class TgiEvents {
  readonly #stops: readonly string[];
  #held = '';
  #started = false;
  #shown = false;
  #stopped = false;

  /** @param stopSequences those that the request named */
  constructor(stopSequences: readonly string[]) {
    this.#stops = stopSequences.filter((stop) => stop !== '');
  }

  /** True once the answer's end was told. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** One `data` of the stream. @throws MalformedAnswer */
  push(chunk: JsonObject): readonly ModelEvent[] {
    const events: ModelEvent[] = this.#started ? [] : [{ type: 'message-start' }];
    this.#started = true;
    const token = objectIn(chunk.token, 'token');
    // Ends of turns and of sequences are tokens, and no text.
    if (token.special !== true) this.#say(stringIn(token.text, 'token.text'), events);
    const text = optionalString(chunk.generated_text, 'generated_text');
    if (text !== undefined) this.#end(objectIn(chunk.details, 'details'), events);
    return events;
  }

  /** The whole answer of a call that was not streamed: a list of one. @throws MalformedAnswer */
  pushWhole(answer: unknown): readonly ModelEvent[] {
    const whole = objectIn(Array.isArray(answer) ? answer[0] : answer, 'the answer');
    const details = objectIn(whole.details, 'details');
    const events: ModelEvent[] = [{ type: 'message-start' }];
    this.#say(stringIn(whole.generated_text, 'generated_text'), events);
    const inputTokens = arrayIn(details.prefill ?? [], 'details.prefill').length;
    this.#end(inputTokens === 0 ? details : { ...details, input_length: inputTokens }, events);
    return events;
  }

  #say(text: string, events: ModelEvent[]): void {
    const all = this.#held + text;
    const heldCharacters = this.#mayStop(all);
    this.#held = all.slice(all.length - heldCharacters);
    this.#show(all.slice(0, all.length - heldCharacters), events);
  }

  #show(text: string, events: ModelEvent[]): void {
    if (text === '') return;
    this.#shown = true;
    events.push({ type: 'text-delta', index: 0, text });
  }

  /** Characters at the text's end that may be a stop sequence, or begin one. */
  #mayStop(text: string): number {
    const lengths = this.#stops.map((stop) => {
      for (let length = Math.min(stop.length, text.length); length > 0; length -= 1)
        if (text.endsWith(stop.slice(0, length))) return length;
      return 0;
    });
    return Math.max(0, ...lengths);
  }

  #end(details: JsonObject, events: ModelEvent[]): void {
    const reason = stopReasonOfTgi(stringIn(details.finish_reason, 'details.finish_reason'));
    if (reason === undefined) throw new MalformedAnswer('details.finish_reason is none that TGI has');
    const found = reason === 'stop_sequence' ? this.#longestStop() : undefined;
    this.#show(found === undefined ? this.#held : this.#held.slice(0, -found.length), events);
    this.#held = '';
    if (this.#shown) events.push({ type: 'block-stop', index: 0 });
    this.#stopped = true;
    events.push({
      type: 'message-stop',
      stopReason: reason,
      ...(found === undefined ? {} : { additionalModelResponseFields: { stop_sequence: found } }),
    });
    const inputTokens = optionalCount(details.input_length, 'details.input_length');
    const outputTokens = countIn(details.generated_tokens, 'details.generated_tokens');
    // Half a usage would be taken for a whole one: without the input's count nothing is told, and all is estimated.
    if (inputTokens !== undefined) events.push({ type: 'usage', usage: { inputTokens, outputTokens } });
  }

  #longestStop(): string | undefined {
    const found = this.#stops.filter((stop) => this.#held.endsWith(stop));
    return found.toSorted((one, other) => other.length - one.length)[0];
  }
}

/** TGI's error types as the status that it answers where nothing was sent yet. Its 424 is a failure of its own. */
const statuses: Readonly<Record<string, number>> = {
  overloaded: 429,
  validation: 422,
  template_error: 422,
  missing_template_variable: 422,
  tool_error: 422,
};

/** What TGI reports in the place of an answer; undefined for anything else. */
export function tgiError(
  chunk: JsonObject,
): { readonly message: string; readonly status: number } | undefined {
  const message = typeof chunk.error === 'string' ? chunk.error : optionalObject(chunk.error, 'error');
  if (message === undefined) return undefined;
  const text = typeof message === 'string' ? message : String(message.message ?? 'an error');
  return { message: text, status: statuses[String(chunk.error_type)] ?? 500 };
}
