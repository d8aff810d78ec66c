/** The operating system's own source of secrets. */
import { randomBytes } from 'node:crypto';
import type { SecretBytes } from '#usecases/ports/secret-bytes.ts';

export const cryptoSecretBytes: SecretBytes = { next: (count) => randomBytes(count) };
