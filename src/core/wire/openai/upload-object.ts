/** OpenAI's upload and its parts. Times are whole seconds. */
import type { StoredFile } from '../../batch/stored-file.ts';
import { isOpen, type StoredUpload } from '../../batch/stored-upload.ts';
import { openAiFile } from './file-object.ts';

/** @param file what came of it, once it is completed */
export function openAiUpload(upload: StoredUpload, at: number, file?: StoredFile) {
  const { id, bytes, filename, createdAt, expiresAt } = upload;
  return {
    id,
    object: 'upload',
    bytes,
    created_at: Math.floor(createdAt / 1000),
    expires_at: Math.floor(expiresAt / 1000),
    filename,
    purpose: 'batch',
    status: statusOf(upload, at),
    file: file === undefined ? null : openAiFile(file),
  };
}

function statusOf(upload: StoredUpload, at: number): 'pending' | 'completed' | 'cancelled' | 'expired' {
  if (upload.state === 'completed' || upload.state === 'cancelled') return upload.state;
  return upload.state === 'completing' || isOpen(upload, at) ? 'pending' : 'expired';
}

export function openAiUploadPart(part: {
  readonly id: string;
  readonly upload: string;
  readonly at: number;
}) {
  const { id, upload, at } = part;
  return { id, object: 'upload.part', created_at: Math.floor(at / 1000), upload_id: upload };
}
