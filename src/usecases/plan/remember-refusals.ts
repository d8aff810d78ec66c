import { continueRefusal, type RefusalRow } from '#core/plan/guard.ts';
import type { Log } from '../ports/log.ts';
import type { RefusalLedger } from '../ports/refusal-ledger.ts';
import { routeKey } from './plan-knowledge.ts';
import type { PlannedRoute } from './planned-route.ts';

/** Keeps the rows of refusals that go on, ends those that passed. Answers the rows that stand. */
export async function rememberRefusals(
  { refusals, log }: { readonly refusals: RefusalLedger; readonly log: Log },
  run: {
    readonly routes: readonly PlannedRoute[];
    readonly rows: readonly RefusalRow[];
    readonly at: number;
  },
): Promise<readonly RefusalRow[]> {
  const before = new Map(run.rows.map((row) => [routeKey(row.model, row.residency), row]));
  const standing: RefusalRow[] = [];
  const writes: Promise<void>[] = [];
  for (const { kind, refusal, model, residency } of run.routes) {
    const row = before.get(routeKey(model, residency));
    if (kind === 'refused' && refusal !== undefined) {
      const next = continueRefusal(row, { ...refusal, model, residency }, run.at);
      standing.push(next);
      writes.push(refusals.save(next));
    } else if (row !== undefined && kind !== 'held') {
      writes.push(refusals.delete(model, residency));
    }
  }
  for (const result of await Promise.allSettled(writes)) {
    if (result.status === 'rejected')
      log.write('warn', 'refusal-not-kept', { message: String(result.reason) });
  }
  return standing;
}
