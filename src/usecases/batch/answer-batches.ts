import { requestHeaders } from '#contract/http.ts';
import { type BatchRequest, batchListSchema, batchRequestSchema } from '#contract/openai-batches.ts';
import { type Batch, cancelled, hasEnded, isOver, type Tally } from '#core/batch/batch.ts';
import { sumOf } from '#core/batch/chunk.ts';
import { isForgotten } from '#core/batch/retention.ts';
import { openAiBatch } from '#core/wire/openai/batch-object.ts';
import { openAiPage } from '#core/wire/openai/file-object.ts';
import { answerJson } from '../gateway/answer.ts';
import type { GatewayAnswer } from '../gateway/gateway-answer.ts';
import { readJsonBody } from '../gateway/read-body.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import { type BatchDesk, changeBatch, newId, retentionMs } from './batch-services.ts';
import { type BulkRequest, bulkRefusal, checked, placeHere } from './bulk-request.ts';
import { ask, createBatch, unknownFile } from './create-batch.ts';

const RETRY_COUNT_HEADER = 'x-stainless-retry-count';
const IDEMPOTENCY_HEADER = 'idempotency-key';
/** Longer than any client goes on trying. */
const RETRIES_KEPT_MS = 15 * 60_000;
const KEYS_KEPT_MS = 24 * 3_600_000;

/** POST /v1/batches */
export async function answerCreate(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { tenant, arrival } = bulk;
  const { request, requestId, at } = arrival;
  const named = request.headers.get(requestHeaders.residency);
  const placed = placeHere(bulk, named);
  if (!placed.ok) return placed;
  const forbidden = bulkRefusal(desk, bulk);
  if (forbidden !== undefined) return refused(forbidden);
  const body = await readJsonBody(request);
  if (!body.ok) return body;
  const order = checked(batchRequestSchema, body.value);
  if (!order.ok) return order;
  const file = await desk.store.loadFile(tenant.name, order.value.input_file_id);
  if (file === undefined || file.expiresAt <= at) return refused(unknownFile(order.value.input_file_id));
  if (file.purpose !== 'batch') return refused(notForBatches);
  if (named !== null && named !== file.residency) return refused(otherResidency(named, file.residency));
  // The file was taken in under a residency, and leaves it as little as a prompt does.
  const bound = placeHere(bulk, file.residency);
  if (!bound.ok) return bound;
  const mark = markOf(desk, bulk, order.value);
  const made = await createBatch(desk, { tenant, file, request: order.value, at, mark });
  if (!made.ok) return made;
  const { id, residency } = made.value;
  desk.log.write('info', 'batch-created', { requestId, tenant: tenant.name, residency, batch: id });
  return passed(await show(desk, made.value, requestId));
}

const notForBatches: Refusal = {
  code: 'invalid_request',
  message: 'The file is not for batches: its purpose must be "batch".',
  param: 'input_file_id',
};

function otherResidency(named: string, residency: string): Refusal {
  return {
    code: 'invalid_request',
    message: `The file came under the residency "${residency}", and its batches run under the same one, not under "${named}".`,
    param: requestHeaders.residency,
  };
}

/** By the caller's own key, else by what it asks for: clients that try again say that they do. */
function markOf({ digest }: BatchDesk, { arrival }: BulkRequest, order: BatchRequest) {
  const { headers } = arrival.request;
  const key = headers.get(IDEMPOTENCY_HEADER);
  if (key !== null) return { text: digest.sha256Hex(`key ${key}`), isRetry: true, keptMs: KEYS_KEPT_MS };
  const isRetry = Number(headers.get(RETRY_COUNT_HEADER) ?? 0) > 0;
  return { text: digest.sha256Hex(`body ${JSON.stringify(order)}`), isRetry, keptMs: RETRIES_KEPT_MS };
}

/** GET /v1/batches */
export async function answerBatches(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { url, requestId } = bulk.arrival;
  const query = checked(batchListSchema, Object.fromEntries(url.searchParams));
  if (!query.ok) return query;
  const found = await desk.store.listBatches(bulk.tenant.name, query.value);
  const page = { ...found, items: found.items.filter((batch) => !isGone(desk, batch, bulk)) };
  const told = new Map<string, Tally>();
  await Promise.all(page.items.map(async (batch) => told.set(batch.id, await tallyOf(desk, batch))));
  const shown = openAiPage(page, (batch) => openAiBatch(batch, told.get(batch.id) ?? sumOf([])));
  return passed(answerJson(shown, { requestId }));
}

/** GET /v1/batches/{id} */
export async function answerBatch(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { tenant, id, arrival } = bulk;
  const batch = await desk.store.loadBatch(tenant.name, id);
  if (batch === undefined || isGone(desk, batch, bulk)) return refused(noSuchBatch(id));
  await remind(desk, batch, arrival.at);
  return passed(await show(desk, batch, arrival.requestId));
}

/** POST /v1/batches/{id}/cancel: lines that have begun end, and are kept. */
export async function answerCancel(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { tenant, id, arrival } = bulk;
  const { requestId, at } = arrival;
  let tooLate = false;
  const batch = await changeBatch(desk.store, { tenant: tenant.name, id }, (standing) => {
    const change = cancelled(standing, at);
    tooLate = change === 'too-late';
    return typeof change === 'string' ? undefined : change;
  });
  if (batch === undefined) return refused(noSuchBatch(id));
  if (tooLate) {
    const message = `The batch is ${batch.state}: there is nothing left to be cancelled.`;
    return refused({ code: 'operation_refused', message });
  }
  await ask(desk, { kind: 'finish', tenant: tenant.name, batch: id });
  desk.log.write('info', 'batch-cancelled', { requestId, tenant: tenant.name, batch: id });
  return passed(await show(desk, batch, requestId));
}

/** The table takes its time to forget; nobody is shown what it should have forgotten. */
function isGone(desk: BatchDesk, batch: Batch, { arrival }: BulkRequest): boolean {
  return isForgotten(batch, retentionMs(desk), arrival.at);
}

function noSuchBatch(id: string): Refusal {
  return { code: 'not_found', message: `There is no batch "${id.slice(0, 100)}".`, param: 'id' };
}

/** Longer than any message of a step is hidden or kept back. */
const STEP_MS_MAX = 5 * 60_000;
const REMINDED_EVERY_MS = 60_000;

/** Whoever looks at a batch that stands still, because a message of it was lost, sets it going again. */
async function remind(desk: BatchDesk, batch: Batch, at: number): Promise<void> {
  if (hasEnded(batch)) return;
  const standsStill = at - (batch.since[batch.state] ?? at) > STEP_MS_MAX;
  const unread = batch.state === 'validating' && standsStill;
  const unfinished = batch.state === 'cancelling' || batch.state === 'finalizing';
  const toFinish = isOver(batch, at) || (unfinished && standsStill);
  if (!(toFinish || unread)) return;
  const { tenant, id } = batch;
  const own = newId(desk, 'batch_', at);
  const mark = { tenant, mark: `reminder ${id}`, id: own, at, keptMs: REMINDED_EVERY_MS, anew: false };
  if ((await desk.store.firstOf(mark)) === own)
    await ask(desk, { kind: toFinish ? 'finish' : 'read', tenant, batch: id });
}

async function show(desk: BatchDesk, batch: Batch, requestId: string): Promise<GatewayAnswer> {
  const shown = openAiBatch(batch, await tallyOf(desk, batch));
  return answerJson(shown, { requestId, residency: batch.residency });
}

async function tallyOf({ store }: BatchDesk, batch: Batch): Promise<Tally> {
  return batch.tally ?? sumOf(batch.chunks === 0 ? [] : await store.loadChunks(batch.id));
}
