import { brokenOff } from '#core/batch/batch.ts';
import { sumOf } from '#core/batch/chunk.ts';
import { InvariantError } from '#core/units/invariant.ts';
import { type BatchDesk, changeBatch } from './batch-services.ts';
import { leaveFile } from './read-batch-file.ts';

/**
 * Ends a batch as `failed`, and says why. What its lines were answered stays where dispatchers kept it, and is forgotten
 * with the rest. @throws HouseError
 */
export async function breakOff(
  desk: Pick<BatchDesk, 'store' | 'clock' | 'log'>,
  name: { readonly tenant: string; readonly batch: string; readonly kind: 'read' | 'finish' },
  error: unknown,
): Promise<void> {
  const { store, clock, log } = desk;
  const batch = await store.loadBatch(name.tenant, name.batch);
  if (batch === undefined) return;
  const tally = sumOf(await store.loadChunks(batch.id));
  const what = name.kind === 'read' ? 'The file could not be read' : 'The results could not be put together';
  // Only our own words: what others say may quote a prompt.
  const reason =
    error instanceof InvariantError ? `this does not hold: ${error.message}` : 'its records are unreadable';
  const why = { code: 'batch_broken_off', message: `${what}, however often it was tried: ${reason}.` };
  await changeBatch(store, { tenant: name.tenant, id: batch.id }, (standing) =>
    brokenOff(standing, { why, tally }, clock.now()),
  );
  log.write('error', 'batch-broken-off', { tenant: name.tenant, batch: batch.id, step: name.kind });
  await leaveFile(desk, batch);
}
