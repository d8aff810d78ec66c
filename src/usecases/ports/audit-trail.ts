/**
 * Where decisions are recorded for good. What is recorded is kept in the region of the gateway that decided, or told as
 * lost in the log and in numbers; it is never lost silently but by the death of the process before `settled`.
 */
import type { AuditRecord } from '#core/audit/handed-record.ts';

export interface AuditTrail {
  /** Returns at once and never throws, whatever becomes of the record: nobody waits for it. */
  record(record: AuditRecord): void;
  /**
   * Resolves when all that was recorded is handed over, or told as lost. Never rejects, and takes a few seconds at most.
   * To be waited for before the process may be frozen or ends, after the answer is out.
   *
   * @param msMax what is not handed over by then is told as lost, although it may still arrive. @default a few seconds
   */
  settled(msMax?: number): Promise<void>;
}
