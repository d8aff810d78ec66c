/** Remembers, between runs of plan, which routes the guard keeps and since when. Written by plan alone. */
import type { RefusalRow } from '#core/plan/guard.ts';

export interface RefusalLedger {
  loadAll(): Promise<readonly RefusalRow[]>;
  /** Replaces the row of the same model and residency. */
  save(row: RefusalRow): Promise<void>;
  /** Nothing happens when there is none. */
  delete(model: string, residency: string): Promise<void>;
}
