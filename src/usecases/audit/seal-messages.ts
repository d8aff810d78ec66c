import { parseHandedRecord } from '#core/audit/chain-lines.ts';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import type { Log } from '../ports/log.ts';
import type { Sealer } from './seal-records.ts';

export interface SealMessagesServices {
  readonly sealer: Sealer;
  /** The sealer's own: what was decided elsewhere is not kept here. */
  readonly region: string;
  readonly log: Log;
}

export interface AuditMessage {
  /** Whoever gave it knows it by this. */
  readonly id: string;
  readonly body: string;
}

/**
 * Seals what messages of the queue hold. Answers the ids of those that have to come again: all where the chain could
 * not be written, and any that holds no record of this region, until the queue puts it aside. Never rejects.
 */
export async function sealMessages(
  { sealer, region, log }: SealMessagesServices,
  messages: readonly AuditMessage[],
): Promise<readonly string[]> {
  const fit: { readonly id: string; readonly record: HandedRecord }[] = [];
  const unfit: string[] = [];
  for (const { id, body } of messages) {
    const record = parseHandedRecord(body);
    if (record?.record.region === region) fit.push({ id, record });
    else {
      unfit.push(id);
      log.write('error', 'audit-message-unfit', { messageId: id, region: record?.record.region });
    }
  }
  if (fit.length === 0) return unfit;
  try {
    await sealer.seal(fit.map(({ record }) => record));
    return unfit;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.write('error', 'audit-seal-failed', { records: fit.length, reason });
    return [...unfit, ...fit.map(({ id }) => id)];
  }
}
