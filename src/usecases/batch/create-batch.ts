import type { BatchMessage } from '#contract/batch-messages.ts';
import type { BatchRequest } from '#contract/openai-batches.ts';
import { batchQueueName } from '#contract/resources.ts';
import { type Batch, COMPLETION_WINDOW_MS, newBatch } from '#core/batch/batch.ts';
import { isForgotten } from '#core/batch/retention.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import { type BatchDesk, changeReaders, newId, retentionMs } from './batch-services.ts';

export interface BatchOrder {
  readonly tenant: Tenant;
  readonly file: StoredFile;
  readonly request: BatchRequest;
  readonly at: number;
  /** What a request that is sent again has in common with the first one. @default - this one is like no other */
  readonly mark?: { readonly text: string; readonly isRetry: boolean; readonly keptMs: number } | undefined;
}

/**
 * Makes a batch and asks for its file to be read. The same batch again where the request is: whoever sends it again
 * learns what became of the first. @throws HouseError of the stores
 */
export async function createBatch(desk: BatchDesk, order: BatchOrder): Promise<Staged<Batch>> {
  const { tenant, file, request, at } = order;
  const id = await idOf(desk, order);
  const known = await desk.store.loadBatch(tenant.name, id);
  if (known !== undefined) {
    if (known.state === 'validating') await ask(desk, { kind: 'read', tenant: tenant.name, batch: id });
    return passed(known);
  }
  if (isForgotten(file, retentionMs(desk), at + COMPLETION_WINDOW_MS)) return refused(tooOld(file.id));
  const taken = await changeReaders(desk.store, file, (readers) => [...new Set([...readers, id])]);
  if (taken === 'gone') return refused(unknownFile(file.id));
  if (taken === 'busy') return refused(tooManyAtOnce);
  const batch = newBatch(
    {
      tenant: tenant.name,
      id,
      endpoint: request.endpoint,
      inputFile: file.id,
      inputKey: file.key,
      residency: file.residency,
      scopes: { residencies: tenant.residencies, models: tenant.models },
      metadata: request.metadata ?? undefined,
    },
    at,
  );
  const isFirst = await desk.store.saveBatch(batch);
  await ask(desk, { kind: 'read', tenant: tenant.name, batch: id });
  return passed(isFirst ? batch : ((await desk.store.loadBatch(tenant.name, id)) ?? batch));
}

/** Asks for a step of a batch that stands. @throws HouseError */
export function ask(
  desk: Pick<BatchDesk, 'config' | 'queue'>,
  message: Exclude<BatchMessage, { kind: 'call' }>,
  delaySeconds = 0,
): Promise<void> {
  return desk.queue.send(batchQueueName(desk.config.name), [JSON.stringify(message)], {
    delaySeconds,
    owner: message.tenant,
  });
}

export function unknownFile(id: string): Refusal {
  return { code: 'not_found', message: `There is no file "${id.slice(0, 100)}".`, param: 'input_file_id' };
}

/** Lines whose file is gone could not be called any more. */
function tooOld(id: string): Refusal {
  return {
    code: 'invalid_request',
    message: `The file "${id}" is deleted within the 24 hours that a batch may take; bring it again.`,
    param: 'input_file_id',
  };
}

const tooManyAtOnce: Refusal = {
  code: 'not_ready',
  message: 'Too many batches are being made of this file at once. Try again shortly.',
  param: 'input_file_id',
  retryAfterMs: 1000,
};

async function idOf(desk: BatchDesk, { tenant, mark, at }: BatchOrder): Promise<string> {
  const id = newId(desk, 'batch_', at);
  if (mark === undefined) return id;
  const { text, isRetry, keptMs } = mark;
  return desk.store.firstOf({ tenant: tenant.name, mark: text, id, at, keptMs, anew: !isRetry });
}
