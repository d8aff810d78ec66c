/**
 * The audit trail: what a gateway process hands over, and how records are chained so that the loss or change of any one
 * shows.
 */

/** One decision as one JSON object. What else it says is up to who records it: names, numbers and reasons, never text of a caller. */
export interface AuditRecord {
  /** Of the decision: no other one has it. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of the gateway that decided, and where the record is kept. */
  readonly region: string;
  readonly residency: string;
  readonly tenant: string;
  /** JSON. Members that are undefined are left out. */
  readonly [member: string]: unknown;
}

/** A record under the number that its writer gave it, so that one which never came leaves a gap. */
export interface HandedRecord {
  /** One process of a gateway, from its start to its end. */
  readonly writer: string;
  /** 1 for the writer's first record, and one more for each one after it. */
  readonly number: number;
  readonly record: AuditRecord;
}
