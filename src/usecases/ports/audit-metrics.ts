/** What becomes of audit records, in numbers. Never throws, calls nobody. */
export interface AuditMetrics {
  /** Records that no queue took: they stand in the log. */
  unsent(count: number): void;
}
