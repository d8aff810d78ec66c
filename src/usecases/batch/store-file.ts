import { bodyViolations } from '#contract/body-violations.ts';
import { fileFieldsSchema } from '#contract/openai-batches.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import { type BatchDesk, fileKey, newId, retentionMs } from './batch-services.ts';
import { FormIntake, readForm } from './form-intake.ts';

export interface ArrivingFile {
  readonly tenant: string;
  readonly residency: string;
  readonly boundary: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly at: number;
}

/** OpenAI's own bound for a batch's file. */
export const FILE_BYTES_MAX = 200_000_000;

/** Takes a file in as it comes: no more of it is held than one part of an upload. @throws HouseError of the stores */
export async function storeFile(desk: BatchDesk, arriving: ArrivingFile): Promise<Staged<StoredFile>> {
  const id = newId(desk, 'file-', arriving.at);
  const intake = new FormIntake(() => desk.objects.openWriter(fileKey(arriving.tenant, id)), FILE_BYTES_MAX);
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
