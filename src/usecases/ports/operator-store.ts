/** Operators' words and the audit of them, in the control plane's table. Each region writes its own items alone. */
import type { DisabledTarget, PlacedDisabledTarget } from '#core/plan/disabled-target.ts';

/** One order, as it came. */
export interface AuditEntry {
  /** The id of the request that gave the order. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Who ordered. */
  readonly by: string;
  readonly operation: string;
  /** The whole order. */
  readonly order: Readonly<Record<string, unknown>>;
}

export interface OperatorStore {
  /** Whose items this store writes. */
  readonly region: string;
  /** Adds an entry for good. Rejects where it cannot be written, and where one of its id and time stands. */
  appendAudit(entry: AuditEntry): Promise<void>;
  /** Of every region's control items, those whose time is over too. */
  loadDisabled(): Promise<readonly PlacedDisabledTarget[]>;
  /** Into the control item of the store's own region; replaces that region's word on the target. */
  saveDisabled(entry: DisabledTarget): Promise<void>;
}
