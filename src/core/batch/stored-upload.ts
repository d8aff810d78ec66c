/**
 * A file on its way in, part by part. Its parts are pinned before they are put together: whoever does that again puts
 * the same ones together.
 */
import type { InstantMs } from '../units/instant-ms.ts';

type UploadState = 'pending' | 'completing' | 'completed' | 'cancelled';

export interface StoredUpload {
  readonly tenant: string;
  readonly id: string;
  readonly revision: number;
  readonly filename: string;
  /** That the parts must have together. */
  readonly bytes: number;
  readonly residency: string;
  readonly createdAt: InstantMs;
  /** Until then parts are taken. */
  readonly expiresAt: InstantMs;
  /** The finished file's, from its making. @default - as long as any */
  readonly fileKeptMs?: number | undefined;
  readonly state: UploadState;
  /** Names of the parts, in the order of the file. Empty while it is pending. */
  readonly parts: readonly string[];
}

export function isOpen({ state, expiresAt }: StoredUpload, at: InstantMs): boolean {
  return state === 'pending' && at < expiresAt;
}

/** Undefined where other parts were pinned before, or it is open no more. */
export function pinned(
  upload: StoredUpload,
  parts: readonly string[],
  at: InstantMs,
): StoredUpload | undefined {
  if (isOpen(upload, at)) return moved(upload, { state: 'completing', parts });
  const isBegun = upload.state === 'completing' || upload.state === 'completed';
  return isBegun && upload.parts.join() === parts.join() ? upload : undefined;
}

/** The parts make no such file: others may. */
export function reopened(upload: StoredUpload): StoredUpload {
  return upload.state === 'completing' ? moved(upload, { state: 'pending', parts: [] }) : upload;
}

/** Its file stands. */
export function uploaded(upload: StoredUpload): StoredUpload {
  return upload.state === 'completed' ? upload : moved(upload, { state: 'completed' });
}

/** Undefined where there is nothing left to be cancelled. */
export function uploadCancelled(upload: StoredUpload): StoredUpload | undefined {
  if (upload.state === 'cancelled') return upload;
  return upload.state === 'pending' ? moved(upload, { state: 'cancelled' }) : undefined;
}

function moved(upload: StoredUpload, change: Partial<StoredUpload>): StoredUpload {
  return { ...upload, ...change, revision: upload.revision + 1 };
}
