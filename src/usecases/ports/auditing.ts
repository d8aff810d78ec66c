import type { AuditTrail } from './audit-trail.ts';

/** What tells apart what decisions are made with. */
export interface AuditVersions {
  /** Of the product. */
  readonly code: string;
  /** SHA-256, hex, of the configuration in RFC 8785 form, and of the facts. */
  readonly config: string;
  readonly facts: string;
}

/** Where the requests of a gateway are recorded, and what its records name. */
export interface Auditing {
  readonly trail: AuditTrail;
  /** Resolves when what is answered now is on its way: nothing is written down before. */
  nextTurn(): Promise<void>;
  /** Asked for behind an answer. */
  versions(): AuditVersions;
}
