/** Operators' words in memory: for tests and the simulator. */
import type { DisabledTarget } from '#core/plan/disabled-target.ts';
import type { AuditEntry, OperatorStore } from '#usecases/ports/operator-store.ts';

export interface MemoryOperatorStore extends OperatorStore {
  readonly audit: readonly AuditEntry[];
}

/** `region`: whose control items it writes. */
export function createMemoryOperatorStore(region = 'us-east-1'): MemoryOperatorStore {
  const audit: AuditEntry[] = [];
  const disabled = new Map<string, DisabledTarget>();
  return {
    region,
    audit,
    appendAudit: async (entry) => {
      if (audit.some(({ id, at }) => id === entry.id && at === entry.at))
        throw new Error(`there is an audit entry ${entry.id} of ${entry.at} already`);
      audit.push(entry);
    },
    loadDisabled: async () => [...disabled.values()].map((entry) => ({ ...entry, region })),
    saveDisabled: async (entry) => {
      disabled.set(entry.target, entry);
    },
  };
}
