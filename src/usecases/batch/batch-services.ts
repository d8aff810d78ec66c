/**
 * usecases/batch: calls that nobody waits for. A file comes, a batch of it is made, read, called line by line through
 * the gateway, and put together in the order of the file.
 *
 * Invariant: every step may be done again, by anybody, at any time: messages come more than once and dispatchers die.
 * What a step has made stands before the message that asked for it is removed. The folder owns no state: it stands in
 * the table, the bucket and the queues of the gateway's region.
 *
 *     store-file → create-batch ⇢ read-batch-file ⇢ run-chunk (many) ⇢ finish-batch          ⇢ by a queue
 */
import type { SpillwayConfig } from '#contract/config.ts';
import type { Batch } from '#core/batch/batch.ts';
import { keptMsOf } from '#core/batch/retention.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import type { Random } from '#core/units/random.ts';
import type { GatewayAnswer } from '../gateway/gateway-answer.ts';
import type { GatewayRequest } from '../gateway/gateway-request.ts';
import type { BatchMetrics } from '../ports/batch-metrics.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { Log } from '../ports/log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { RequestIds } from '../ports/request-ids.ts';
import type { WorkQueue } from '../ports/work-queue.ts';

/** Where files and batches are taken in and shown. */
export interface BatchDesk {
  readonly config: SpillwayConfig;
  readonly clock: Clock;
  readonly ids: RequestIds;
  readonly digest: Digest;
  readonly log: Log;
  readonly store: BatchStore;
  readonly objects: ObjectStore;
  readonly queue: WorkQueue;
  readonly metrics: BatchMetrics;
}

/** Where their lines are called. */
export interface DispatchServices extends BatchDesk {
  /** The gateway's own region, to which every judgement of residency belongs. */
  readonly gateway: { answer(request: GatewayRequest): Promise<GatewayAnswer> };
  readonly random: Random;
  readonly pace: DispatchPace;
}

export interface DispatchPace {
  /** Calls of one chunk under way at a time. */
  readonly linesInFlight: number;
  /** A dispatcher that has not been heard of for so long is dead. */
  readonly leaseMs: number;
  /** How often a running chunk asks whether it should stop. */
  readonly lookMs: number;
}

export function retentionMs({ config }: Pick<BatchDesk, 'config'>): number {
  return keptMsOf(config.batches.retentionDays);
}

const TIME_DIGITS = 12;

/** Begins with the time, so that ids sort as they were made; the rest nobody can guess. */
export function newId(
  { ids }: Pick<BatchDesk, 'ids'>,
  prefix: 'file-' | 'upload_' | 'part_' | 'batch_',
  at: number,
): string {
  return `${prefix}${at.toString(16).padStart(TIME_DIGITS, '0')}${ids.next().replaceAll('-', '')}`;
}

export const fileKey = (tenant: string, id: string): string => `files/${tenant}/${id}`;
export const planKey = (batch: string): string => `work/${batch}/plan.json`;

const CHANGES_MAX = 10;

/**
 * Changes a batch by what stands in the store, however many others do. Undefined where there is none.
 *
 * @param change undefined where there is nothing to change
 * @throws HouseError
 */
export async function changeBatch(
  store: BatchStore,
  { tenant, id }: Pick<Batch, 'tenant' | 'id'>,
  change: (batch: Batch) => Batch | undefined,
): Promise<Batch | undefined> {
  let standing = await store.loadBatch(tenant, id);
  for (let tries = 0; tries < CHANGES_MAX && standing !== undefined; tries += 1) {
    const changed = change(standing);
    if (changed === undefined) return standing;
    if (await store.saveBatch(changed)) return changed;
    standing = await store.loadBatch(tenant, id);
  }
  return standing;
}

/** As `changeBatch`: the readers of a file. `busy` where others change it all the time. @throws HouseError */
export async function changeReaders(
  store: BatchStore,
  { tenant, id }: Pick<StoredFile, 'tenant' | 'id'>,
  change: (readers: readonly string[]) => readonly string[],
): Promise<'changed' | 'gone' | 'busy'> {
  for (let tries = 0; tries < CHANGES_MAX; tries += 1) {
    const file = await store.loadFile(tenant, id);
    if (file === undefined) return 'gone';
    const changed = { ...file, revision: file.revision + 1, readers: change(file.readers) };
    if (await store.saveFile(changed)) return 'changed';
  }
  return 'busy';
}
