import { bodyViolations } from '#contract/body-violations.ts';
import { fileFieldsSchema } from '#contract/openai-batches.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { type FormEvent, FormReader, MalformedForm } from '#core/wire/multipart-form.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import type { ObjectWriter } from '../ports/object-store.ts';
import { type BatchDesk, fileKey, newId, retentionMs } from './batch-services.ts';

export interface ArrivingFile {
  readonly tenant: string;
  readonly residency: string;
  readonly boundary: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly at: number;
}

/** OpenAI's own bound for a batch's file. */
export const FILE_BYTES_MAX = 200_000_000;
const FIELD_BYTES_MAX = 1_000;
const FILENAME_CHARACTERS_MAX = 256;
/** Far more than there are fields. Each costs work, however short it is. */
const PARTS_MAX = 16;

/** Takes a file in as it comes: no more of it is held than one part of an upload. @throws HouseError of the stores */
export async function storeFile(desk: BatchDesk, arriving: ArrivingFile): Promise<Staged<StoredFile>> {
  const id = newId(desk, 'file-', arriving.at);
  const intake = new Intake(() => desk.objects.openWriter(fileKey(arriving.tenant, id)));
  const read = await readForm(intake, arriving).catch(async (error: unknown) => {
    await intake.abandon();
    throw error;
  });
  const fields = read ?? checkFields(intake.fields);
  if (!('purpose' in fields) || intake.writer === undefined) {
    await intake.abandon();
    return refused('purpose' in fields ? noFile : fields);
  }
  await intake.writer.finish();
  const seconds = fields['expires_after[seconds]'];
  const keptMs = Math.min(retentionMs(desk), seconds === undefined ? Infinity : seconds * 1000);
  const file: StoredFile = {
    tenant: arriving.tenant,
    id,
    revision: 1,
    purpose: fields.purpose,
    filename: intake.filename,
    bytes: intake.bytes,
    createdAt: arriving.at,
    expiresAt: arriving.at + keptMs,
    residency: arriving.residency,
    key: fileKey(arriving.tenant, id),
    readers: [],
  };
  await desk.store.saveFile(file);
  return passed(file);
}

const noFile: Refusal = {
  code: 'invalid_request',
  message: 'file: the form must hold one file.',
  param: 'file',
};

const malformed = (what: string): Refusal => ({ code: 'invalid_request', message: `The form ${what}.` });

/** Undefined where all of it was read. */
async function readForm(intake: Intake, { boundary, body }: ArrivingFile): Promise<Refusal | undefined> {
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

function checkFields(fields: ReadonlyMap<string, string>) {
  const parsed = fileFieldsSchema.safeParse(Object.fromEntries(fields));
  if (parsed.success) return parsed.data;
  const violations = bodyViolations(parsed.error.issues, {});
  return {
    code: 'invalid_request',
    message: violations.map(({ path, message }) => `${path}: ${message}`).join('; '),
    param: violations[0]?.path,
  } as const satisfies Refusal;
}

/** What of a form has come. */
class Intake {
  readonly fields = new Map<string, string>();
  readonly #open: () => ObjectWriter;
  readonly #decoder = new TextDecoder();
  #field: string | undefined;
  writer: ObjectWriter | undefined;
  filename = '';
  bytes = 0;
  #parts = 0;

  constructor(open: () => ObjectWriter) {
    this.#open = open;
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
    if (this.bytes > FILE_BYTES_MAX) {
      const message = `A file must not be longer than ${FILE_BYTES_MAX} bytes.`;
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
