/** `multipart/form-data` (RFC 7578) whose bytes come in parts: nothing of a file is held. */

interface FormPart {
  readonly name: string;
  /** Undefined for a field. */
  readonly filename?: string | undefined;
}

export type FormEvent =
  | { readonly kind: 'part'; readonly part: FormPart }
  /** Of the part that was named last. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'part-end' };

export class MalformedForm extends Error {
  override readonly name = 'MalformedForm';
}

const HEAD_BYTES_MAX = 8_192;
const BOUNDARY_CHARACTERS_MAX = 70;
const CARRIAGE_RETURN = 0x0d;
const headEnd = new Uint8Array([0x0d, 0x0a, 0x0d, 0x0a]);

const ascii = new TextEncoder();
const utf8 = new TextDecoder();

/** Undefined for another content type, or for one without a boundary that RFC 2046 allows. */
export function boundaryOf(contentType: string | null): string | undefined {
  const found = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  const boundary = found?.[1] ?? found?.[2];
  return boundary === undefined || boundary.length > BOUNDARY_CHARACTERS_MAX ? undefined : boundary;
}

/** Holds what may be the beginning of a delimiter, and heads; one for each body. */
export class FormReader {
  readonly #delimiter: Uint8Array;
  #held: Uint8Array;
  #state: 'before' | 'after-delimiter' | 'head' | 'body' | 'end' = 'before';

  constructor(boundary: string) {
    this.#delimiter = ascii.encode(`\r\n--${boundary}`);
    // The first delimiter has no line before it.
    this.#held = ascii.encode('\r\n');
  }

  /** @throws MalformedForm */
  *push(bytes: Uint8Array): Generator<FormEvent, void, undefined> {
    this.#held = this.#held.length === 0 ? bytes : joined(this.#held, bytes);
    while (yield* this.#step());
    // What follows the last delimiter says nothing.
    if (this.#state === 'end') this.#held = new Uint8Array();
  }

  /** @throws MalformedForm where the body ended before its last delimiter */
  end(): void {
    if (this.#state !== 'end') throw new MalformedForm('it ends before its last boundary');
  }

  /** Whether there may be more to do with what is held. */
  *#step(): Generator<FormEvent, boolean, undefined> {
    switch (this.#state) {
      case 'before':
      case 'body':
        return yield* this.#untilDelimiter();
      case 'after-delimiter':
        return this.#afterDelimiter();
      case 'head':
        return yield* this.#head();
      case 'end':
        return false;
    }
  }

  *#untilDelimiter(): Generator<FormEvent, boolean, undefined> {
    const held = this.#held;
    const at = indexOfBytes(held, this.#delimiter);
    // What may be the beginning of a delimiter waits for the rest of it.
    const safe = at >= 0 ? at : beginningOf(held, this.#delimiter);
    const inBody = this.#state === 'body';
    if (inBody && safe > 0) yield { kind: 'data', bytes: held.subarray(0, safe) };
    this.#held = held.subarray(safe);
    if (at < 0) return false;
    if (inBody) yield { kind: 'part-end' };
    this.#held = this.#held.subarray(this.#delimiter.length);
    this.#state = 'after-delimiter';
    return true;
  }

  #afterDelimiter(): boolean {
    if (this.#held.length < 2) return false;
    const sign = utf8.decode(this.#held.subarray(0, 2));
    if (sign !== '--' && sign !== '\r\n')
      throw new MalformedForm('a boundary is followed by neither -- nor a line');
    this.#state = sign === '--' ? 'end' : 'head';
    this.#held = this.#held.subarray(2);
    return true;
  }

  *#head(): Generator<FormEvent, boolean, undefined> {
    const at = indexOfBytes(this.#held, headEnd);
    if (at < 0 && this.#held.length > HEAD_BYTES_MAX)
      throw new MalformedForm('the head of a part is too long');
    if (at < 0) return false;
    const part = partOf(utf8.decode(this.#held.subarray(0, at)));
    this.#held = this.#held.subarray(at + headEnd.length);
    this.#state = 'body';
    yield { kind: 'part', part };
    return true;
  }
}

function partOf(head: string): FormPart {
  const disposition = /^content-disposition\s*:\s*form-data\b(.*)$/im.exec(head)?.[1];
  const name = disposition === undefined ? undefined : parameterOf(disposition, 'name');
  if (disposition === undefined || name === undefined)
    throw new MalformedForm('a part has no content-disposition with a name');
  return { name, filename: parameterOf(disposition, 'filename') };
}

/** As browsers and clients write it: quoted, with the quote itself percent-encoded. */
function parameterOf(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(disposition);
  const raw = found?.[1] ?? found?.[2];
  return raw?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (at + wanted.length > bytes.length) return -1;
    if (isAt(bytes, at, wanted)) return at;
  }
  return -1;
}

/** Where a wanted text may begin that the end of the bytes cuts; their length where nothing does. */
function beginningOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const from = Math.max(0, bytes.length - wanted.length + 1);
  for (let at = bytes.indexOf(CARRIAGE_RETURN, from); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (isAt(bytes, at, wanted.subarray(0, bytes.length - at))) return at;
  }
  return bytes.length;
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
