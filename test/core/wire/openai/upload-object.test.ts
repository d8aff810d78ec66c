import { expect, it } from 'vitest';
import { pinned, type StoredUpload, uploadCancelled, uploaded } from '#core/batch/stored-upload.ts';
import { openAiUpload, openAiUploadPart } from '#core/wire/openai/upload-object.ts';

const at = 1_700_000_000_500;
const upload: StoredUpload = {
  ...{ tenant: 'demo', id: 'upload_1', revision: 1, filename: 'in.jsonl', bytes: 9, residency: 'eu' },
  ...{ createdAt: at, expiresAt: at + 3_600_000, state: 'pending', parts: [] },
};

it('shows an upload as OpenAI does, in OpenAI’s states', () => {
  expect(openAiUpload(upload, at)).toEqual({
    ...{ id: 'upload_1', object: 'upload', bytes: 9, filename: 'in.jsonl', purpose: 'batch', file: null },
    ...{ created_at: 1_700_000_000, expires_at: 1_700_003_600, status: 'pending' },
  });
  const standing = pinned(upload, ['part_1'], at) as StoredUpload;
  const states = [upload, standing, uploaded(standing), uploadCancelled(upload) as StoredUpload];
  const late = at + 3_600_000;
  expect(states.map((each) => openAiUpload(each, late).status)).toEqual([
    'expired',
    'pending',
    'completed',
    'cancelled',
  ]);
});

it('shows a part', () => {
  expect(openAiUploadPart({ id: 'part_1', upload: 'upload_1', at })).toEqual({
    ...{ id: 'part_1', object: 'upload.part', created_at: 1_700_000_000, upload_id: 'upload_1' },
  });
});
