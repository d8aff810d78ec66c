/** Standing refusals in memory: for tests and the simulator. */
import type { RefusalRow } from '#core/plan/guard.ts';
import type { RefusalLedger } from '#usecases/ports/refusal-ledger.ts';

export function createMemoryRefusalLedger(): RefusalLedger {
  const rows = new Map<string, RefusalRow>();
  return {
    loadAll: async () => [...rows.values()],
    save: async (row) => {
      rows.set(`${row.model}#${row.residency}`, row);
    },
    delete: async (model, residency) => {
      rows.delete(`${model}#${residency}`);
    },
  };
}
