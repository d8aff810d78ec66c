/** Records of decisions in memory: for tests and the simulator. */
import type { AuditRecord } from '#core/audit/handed-record.ts';
import type { AuditTrail } from '#usecases/ports/audit-trail.ts';

export interface MemoryAuditTrail extends AuditTrail {
  /** All of them, oldest first. */
  readonly records: readonly AuditRecord[];
}

export function createMemoryAuditTrail(): MemoryAuditTrail {
  const records: AuditRecord[] = [];
  return {
    records,
    record: (record) => void records.push(record),
    settled: async () => undefined,
  };
}
