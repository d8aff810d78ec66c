import { houseError } from '#core/errors/catalogue.ts';
import type { AuditEntry, OperatorStore } from '../ports/operator-store.ts';

/**
 * Writes the entry of an order that is about to be carried out.
 *
 * @throws HouseError `audit_unwritable`, whatever the reason: then the order must not be carried out
 */
export async function auditFirst(
  words: Pick<OperatorStore, 'appendAudit'>,
  entry: AuditEntry,
): Promise<void> {
  try {
    await words.appendAudit(entry);
  } catch (cause) {
    throw houseError('audit_unwritable', {
      message: 'the audit entry could not be written, so nothing was done',
      cause,
    });
  }
}
