import type { StoredFile } from '#core/batch/stored-file.ts';
import type { StoredUpload } from '#core/batch/stored-upload.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import { type BatchDesk, fileKey, retentionMs } from './batch-services.ts';

/** Beside the files, under the same rule: what is never put together is forgotten with them. */
export const partPrefix = ({ tenant, id }: Pick<StoredUpload, 'tenant' | 'id'>): string =>
  `files/${tenant}/${id}/`;
export const partKey = (upload: Pick<StoredUpload, 'tenant' | 'id'>, part: string): string =>
  partPrefix(upload) + part;

/**
 * Makes the file of an upload's pinned parts. Whoever does it again replaces the same file by the same bytes, or finds
 * it done. @throws HouseError
 */
export async function joinParts(
  desk: BatchDesk,
  upload: StoredUpload,
  at: number,
): Promise<Staged<StoredFile>> {
  const { tenant, residency, filename, bytes } = upload;
  const id = upload.id.replace(/^upload_/, 'file-');
  const key = fileKey(tenant, id);
  const standing = await desk.store.loadFile(tenant, id);
  if (standing !== undefined) return passed(standing);
  const refusal = await copyParts(desk, upload, key);
  if (refusal !== undefined) {
    // Whoever asked before us was done meanwhile, and has taken the parts away.
    const made = await desk.store.loadFile(tenant, id);
    return made === undefined ? refused(refusal) : passed(made);
  }
  const file: StoredFile = {
    ...{ tenant, id, revision: 1, purpose: 'batch', filename, bytes, residency, key, readers: [] },
    ...{ createdAt: at, expiresAt: at + Math.min(retentionMs(desk), upload.fileKeptMs ?? Infinity) },
  };
  await desk.store.saveFile(file);
  await desk.objects.remove(await desk.objects.list(partPrefix(upload))).catch(() => undefined);
  return passed(file);
}

/** Undefined where the object stands. */
async function copyParts(desk: BatchDesk, upload: StoredUpload, key: string): Promise<Refusal | undefined> {
  const writer = desk.objects.openWriter(key);
  let bytes = 0;
  try {
    for (const part of upload.parts) {
      const body = await desk.objects.read(partKey(upload, part));
      if (body === undefined) {
        await writer.abandon();
        return unknownPart(part);
      }
      for await (const each of body) {
        bytes += each.length;
        // Of more than was said no further byte is read.
        if (bytes > upload.bytes) break;
        await writer.write(each);
      }
      if (bytes > upload.bytes) break;
    }
    if (bytes === upload.bytes) await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  if (bytes === upload.bytes) return undefined;
  await writer.abandon();
  const have = bytes > upload.bytes ? 'more' : `${bytes}`;
  const message = `The parts have ${have} bytes together, and the upload was to have ${upload.bytes}.`;
  return { code: 'invalid_request', message, param: 'part_ids' };
}

function unknownPart(part: string): Refusal {
  const message = `The upload has no part "${part.slice(0, 100)}".`;
  return { code: 'invalid_request', message, param: 'part_ids' };
}
