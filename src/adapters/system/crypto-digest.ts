/** Hashes with the platform's own implementation. */
import { createHash } from 'node:crypto';
import type { Digest } from '#usecases/ports/digest.ts';

export const cryptoDigest: Digest = {
  sha256Hex: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
};
