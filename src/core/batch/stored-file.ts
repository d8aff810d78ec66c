import type { InstantMs } from '../units/instant-ms.ts';

/** A file that a tenant brought, or that a batch made for it. */
export interface StoredFile {
  readonly tenant: string;
  readonly id: string;
  readonly revision: number;
  readonly purpose: 'batch' | 'batch_output';
  readonly filename: string;
  readonly bytes: number;
  readonly createdAt: InstantMs;
  /** Nobody gets it any more, and what keeps it forgets it. */
  readonly expiresAt: InstantMs;
  /** Under which it came: batches of it run under the same one. */
  readonly residency: string;
  /** Where its bytes stand. */
  readonly key: string;
  /** Batches that read it and may not have ended. */
  readonly readers: readonly string[];
}
