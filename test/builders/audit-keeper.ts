/** An audit trail that keeps what it is given, and checks each record against its contract as it comes. */
import { auditRecordSchema, type DecisionRecord } from '#contract/audit-record.ts';
import type { Auditing } from '#usecases/ports/auditing.ts';

const keptVersions = { code: '0.1.0', config: 'c'.repeat(64), facts: 'f'.repeat(64) } as const;

export function anAuditKeeper(): Auditing & {
  readonly records: DecisionRecord[];
  /** As they were told, in JSON. */
  readonly lines: string[];
} {
  const records: DecisionRecord[] = [];
  const lines: string[] = [];
  return {
    records,
    lines,
    versions: () => keptVersions,
    nextTurn: async () => undefined,
    trail: {
      record: (record) => {
        const line = JSON.stringify(record);
        lines.push(line);
        records.push(auditRecordSchema.parse(JSON.parse(line)));
      },
      settled: async () => undefined,
    },
  };
}
