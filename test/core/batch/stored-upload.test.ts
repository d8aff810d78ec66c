import { describe, expect, it } from 'vitest';
import {
  isOpen,
  pinned,
  reopened,
  type StoredUpload,
  uploadCancelled,
  uploaded,
} from '#core/batch/stored-upload.ts';

const at = 1_000;
const upload: StoredUpload = {
  ...{ tenant: 'demo', id: 'upload_1', revision: 1, filename: 'in.jsonl', bytes: 9, residency: 'eu' },
  ...{ createdAt: at, expiresAt: at + 100, state: 'pending', parts: [] },
};
const parts = ['part_1', 'part_2'];

describe('an upload', () => {
  it('takes parts until its time is over', () => {
    expect([isOpen(upload, at + 99), isOpen(upload, at + 100)]).toEqual([true, false]);
    expect(pinned(upload, parts, at + 100)).toBeUndefined();
  });

  it('is put together of the same parts, however often', () => {
    const standing = pinned(upload, parts, at) as StoredUpload;
    expect(standing).toMatchObject({ state: 'completing', parts, revision: 2 });
    expect(pinned(standing, parts, at + 1_000)).toBe(standing);
    expect(pinned(standing, [...parts].reverse(), at)).toBeUndefined();
    const whole = uploaded(standing);
    expect(whole).toMatchObject({ state: 'completed', revision: 3 });
    expect([uploaded(whole), pinned(whole, parts, at), reopened(whole)]).toEqual([whole, whole, whole]);
  });

  it('is open again where its parts made no file', () => {
    const again = reopened(pinned(upload, parts, at) as StoredUpload);
    expect(again).toMatchObject({ state: 'pending', parts: [], revision: 3 });
    expect(isOpen(again, at)).toBe(true);
  });

  it('is cancelled while it is open, and not when something is made of it', () => {
    const cancelled = uploadCancelled(upload) as StoredUpload;
    expect(cancelled.state).toBe('cancelled');
    expect(uploadCancelled(cancelled)).toBe(cancelled);
    expect(pinned(cancelled, parts, at)).toBeUndefined();
    expect(uploadCancelled(pinned(upload, parts, at) as StoredUpload)).toBeUndefined();
  });
});
