import { type FormEvent, FormReader, MalformedForm } from '#core/wire/multipart-form.ts';
import type { Refusal } from '../gateway/stage.ts';
import type { ObjectWriter } from '../ports/object-store.ts';

const FIELD_BYTES_MAX = 1_000;
const FILENAME_CHARACTERS_MAX = 256;
/** Far more than there are fields. Each costs work, however short it is. */
const PARTS_MAX = 16;

const malformed = (what: string): Refusal => ({ code: 'invalid_request', message: `The form ${what}.` });

/** Undefined where all of it was read. */
export async function readForm(
  intake: FormIntake,
  { boundary, body }: { readonly boundary: string; readonly body: AsyncIterable<Uint8Array> },
): Promise<Refusal | undefined> {
  const form = new FormReader(boundary);
  const parts = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      // What the body throws is its sender's doing; what the store throws is not.
      const next = await parts.next().catch(() => 'broken' as const);
      if (next === 'broken') return malformed('ended before it was whole');
      if (next.done === true) break;
      for (const event of form.push(next.value)) {
        const refusal = await intake.take(event);
        if (refusal !== undefined) return refusal;
      }
    }
    form.end();
    return undefined;
  } catch (error) {
    if (error instanceof MalformedForm) return malformed(`is not multipart/form-data: ${error.message}`);
    throw error;
  }
}

/** What of a form has come: its fields, and one file that is written as it comes. */
export class FormIntake {
  readonly fields = new Map<string, string>();
  readonly #open: () => ObjectWriter;
  readonly #bytesMax: number;
  readonly #decoder = new TextDecoder();
  #field: string | undefined;
  writer: ObjectWriter | undefined;
  filename = '';
  bytes = 0;
  #parts = 0;

  /** @param bytesMax of its one file */
  constructor(open: () => ObjectWriter, bytesMax: number) {
    this.#open = open;
    this.#bytesMax = bytesMax;
  }

  async take(event: FormEvent): Promise<Refusal | undefined> {
    switch (event.kind) {
      case 'part': {
        const { name, filename } = event.part;
        this.#parts += 1;
        if (this.#parts > PARTS_MAX) return malformed(`must not have more than ${PARTS_MAX} parts`);
        if (filename === undefined) {
          this.#field = name;
          this.fields.set(name, '');
          return undefined;
        }
        if (this.writer !== undefined) return malformed('holds more than one file');
        this.#field = undefined;
        this.filename = filename.slice(0, FILENAME_CHARACTERS_MAX);
        this.writer = this.#open();
        return undefined;
      }
      case 'data':
        return this.#field === undefined ? this.#takeBytes(event.bytes) : this.#takeText(event.bytes);
      case 'part-end':
        this.#field = undefined;
        return undefined;
    }
  }

  async abandon(): Promise<void> {
    await this.writer?.abandon();
  }

  async #takeBytes(bytes: Uint8Array): Promise<Refusal | undefined> {
    this.bytes += bytes.length;
    if (this.bytes > this.#bytesMax) {
      const message = `It must not be longer than ${this.#bytesMax} bytes.`;
      return { code: 'request_too_large', message, param: 'file' };
    }
    await this.writer?.write(bytes);
    return undefined;
  }

  #takeText(bytes: Uint8Array): Refusal | undefined {
    const name = this.#field ?? '';
    const text = (this.fields.get(name) ?? '') + this.#decoder.decode(bytes);
    this.fields.set(name, text);
    return text.length > FIELD_BYTES_MAX ? malformed(`holds a field that is too long`) : undefined;
  }
}
