import { requestHeaders } from '#contract/http.ts';
import { UPLOAD_PARTS_MAX, uploadCompletionSchema, uploadRequestSchema } from '#contract/openai-batches.ts';
import {
  isOpen,
  pinned,
  reopened,
  type StoredUpload,
  uploadCancelled,
  uploaded,
} from '#core/batch/stored-upload.ts';
import { boundaryOf } from '#core/wire/multipart-form.ts';
import { openAiUpload, openAiUploadPart } from '#core/wire/openai/upload-object.ts';
import { answerJson } from '../gateway/answer.ts';
import type { GatewayAnswer } from '../gateway/gateway-answer.ts';
import { readJsonBody } from '../gateway/read-body.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import { type BatchDesk, newId, retentionMs } from './batch-services.ts';
import { type BulkRequest, bulkRefusal, checked, placeHere } from './bulk-request.ts';
import { FormIntake, readForm } from './form-intake.ts';
import { joinParts, partKey, partPrefix } from './join-parts.ts';
import { FILE_BYTES_MAX } from './store-file.ts';

/** As long as OpenAI's stays open. */
const OPEN_MS = 3_600_000;
/** OpenAI's own bound for a part. */
const PART_BYTES_MAX = 64_000_000;

/** POST /v1/uploads: a file that comes in parts. */
export async function answerUploadCreate(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { arrival, tenant } = bulk;
  const { request, requestId, at } = arrival;
  const placed = placeHere(bulk, request.headers.get(requestHeaders.residency));
  if (!placed.ok) return placed;
  const forbidden = bulkRefusal(desk, bulk);
  if (forbidden !== undefined) return refused(forbidden);
  const body = await readJsonBody(request);
  if (!body.ok) return body;
  const order = checked(uploadRequestSchema, body.value);
  if (!order.ok) return order;
  const { bytes, filename, expires_after: expiry } = order.value;
  if (bytes > FILE_BYTES_MAX) {
    const message = `bytes: a file must not be longer than ${FILE_BYTES_MAX} bytes.`;
    return refused({ code: 'request_too_large', message, param: 'bytes' });
  }
  const upload: StoredUpload = {
    ...{ tenant: tenant.name, id: newId(desk, 'upload_', at), revision: 1, filename, bytes },
    ...{ residency: placed.value.policy.name, createdAt: at, expiresAt: at + OPEN_MS },
    ...(expiry === undefined ? {} : { fileKeptMs: expiry.seconds * 1000 }),
    ...{ state: 'pending', parts: [] },
  };
  await desk.store.saveUpload(upload);
  return passed(answerJson(openAiUpload(upload, at), { requestId, residency: upload.residency }));
}

/** POST /v1/uploads/{id}/parts */
export async function answerUploadPart(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { request, requestId, at } = bulk.arrival;
  const found = await findUpload(desk, bulk);
  if (!found.ok) return found;
  const upload = found.value;
  const placed = placeHere(bulk, upload.residency);
  if (!placed.ok) return placed;
  if (!isOpen(upload, at)) return refused(closed(upload, at));
  const boundary = boundaryOf(request.headers.get('content-type'));
  if (boundary === undefined || request.body === null) return refused(noForm);
  if ((await desk.objects.list(partPrefix(upload))).length >= UPLOAD_PARTS_MAX) return refused(tooManyParts);
  const id = newId(desk, 'part_', at);
  const bytesMax = Math.min(PART_BYTES_MAX, upload.bytes);
  const intake = new FormIntake(() => desk.objects.openWriter(partKey(upload, id)), bytesMax);
  const read = await readForm(intake, { boundary, body: request.body }).catch(async (error: unknown) => {
    await intake.abandon();
    throw error;
  });
  if (read !== undefined || intake.writer === undefined) {
    await intake.abandon();
    return refused(read ?? noForm);
  }
  await intake.writer.finish();
  const shown = openAiUploadPart({ id, upload: upload.id, at });
  return passed(answerJson(shown, { requestId, residency: upload.residency }));
}

/** POST /v1/uploads/{id}/complete: from then on it is a file like any other. */
export async function answerUploadComplete(
  desk: BatchDesk,
  bulk: BulkRequest,
): Promise<Staged<GatewayAnswer>> {
  const { arrival, tenant } = bulk;
  const { request, requestId, at } = arrival;
  const found = await findUpload(desk, bulk);
  if (!found.ok) return found;
  const placed = placeHere(bulk, found.value.residency);
  if (!placed.ok) return placed;
  const body = await readJsonBody(request);
  if (!body.ok) return body;
  const order = checked(uploadCompletionSchema, body.value);
  if (!order.ok) return order;
  const upload = pinned(found.value, order.value.part_ids, at);
  if (upload === undefined) return refused(closed(found.value, at));
  const isStanding = upload.revision === found.value.revision;
  if (!isStanding && !(await desk.store.saveUpload(upload))) return refused(changedMeanwhile);
  const joined = await joinParts(desk, upload, at);
  if (!joined.ok) {
    await desk.store.saveUpload(reopened(upload));
    return joined;
  }
  const whole = uploaded(upload);
  // Where somebody else wrote first, it was this same step.
  if (whole !== upload) await desk.store.saveUpload(whole);
  const { id, bytes, residency } = joined.value;
  desk.log.write('info', 'file-stored', { requestId, tenant: tenant.name, residency, file: id, bytes });
  return passed(answerJson(openAiUpload(whole, at, joined.value), { requestId, residency }));
}

/** POST /v1/uploads/{id}/cancel */
export async function answerUploadCancel(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { requestId, at } = bulk.arrival;
  const found = await findUpload(desk, bulk);
  if (!found.ok) return found;
  const cancelled = uploadCancelled(found.value);
  if (cancelled === undefined) return refused(closed(found.value, at));
  const isStanding = cancelled === found.value;
  if (!isStanding && !(await desk.store.saveUpload(cancelled))) return refused(changedMeanwhile);
  await desk.objects.remove(await desk.objects.list(partPrefix(cancelled)));
  return passed(answerJson(openAiUpload(cancelled, at), { requestId, residency: cancelled.residency }));
}

/** One of the tenant's own: others' are as unknown as none. */
async function findUpload(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<StoredUpload>> {
  const { tenant, id, arrival } = bulk;
  const upload = await desk.store.loadUpload(tenant.name, id);
  const isGone = upload === undefined || arrival.at >= upload.createdAt + retentionMs(desk);
  if (!isGone) return passed(upload);
  const message = `There is no upload "${id.slice(0, 100)}".`;
  return refused({ code: 'not_found', message, param: 'upload_id' });
}

function closed(upload: StoredUpload, at: number): Refusal {
  const message = `The upload is ${openAiUpload(upload, at).status}: what was asked for is not possible any more.`;
  return { code: 'operation_refused', message };
}

const noForm: Refusal = {
  code: 'invalid_request',
  message: 'The body must be multipart/form-data, with the bytes of the part in "data".',
};

const tooManyParts: Refusal = {
  code: 'operation_refused',
  message: `An upload must not have more than ${UPLOAD_PARTS_MAX} parts.`,
};

const changedMeanwhile: Refusal = {
  code: 'not_ready',
  message: 'The upload was changed by another request just now. Try again.',
  retryAfterMs: 1000,
};
