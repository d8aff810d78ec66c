/** Hashes with the platform's own implementation. */
import { hash } from 'node:crypto';
import type { Digest } from '#usecases/ports/digest.ts';

export const cryptoDigest: Digest = {
  sha256Hex: (text) => hash('sha256', text, 'hex'),
};
