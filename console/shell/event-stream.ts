/** Server-sent events as the HTML standard reads them, from pieces of text that may be cut anywhere. */

export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last id that the stream gave; empty for none. */
  readonly id: string;
}

/** A stream without an end to its event may not fill the page's memory. */
const EVENT_CHARACTERS_MAX = 4_000_000;

export class EventStreamParser {
  #rest = '';
  #data: string[] = [];
  #characters = 0;
  #event = '';
  #id = '';

  /** @throws RangeError for an event of more than 4,000,000 characters */
  take(text: string): readonly StreamEvent[] {
    const found: StreamEvent[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = line === '' ? this.#dispatch() : this.#field(line);
      if (event !== undefined) found.push(event);
    }
    if (this.#characters + this.#rest.length > EVENT_CHARACTERS_MAX)
      throw new RangeError(`an event is longer than ${EVENT_CHARACTERS_MAX} characters`);
    return found;
  }

  #field(line: string): undefined {
    const at = line.indexOf(':');
    const name = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (name === 'data') {
      this.#data.push(value);
      this.#characters += value.length;
    } else if (name === 'event') this.#event = value;
    else if (name === 'id') this.#id = value;
  }

  #dispatch(): StreamEvent | undefined {
    const data = this.#data;
    const event = this.#event === '' ? 'message' : this.#event;
    this.#data = [];
    this.#characters = 0;
    this.#event = '';
    return data.length === 0 ? undefined : { event, data: data.join('\n'), id: this.#id };
  }
}
