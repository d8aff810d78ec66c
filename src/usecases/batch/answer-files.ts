import { requestHeaders } from '#contract/http.ts';
import { fileListSchema } from '#contract/openai-batches.ts';
import { hasEnded } from '#core/batch/batch.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { boundaryOf } from '#core/wire/multipart-form.ts';
import { openAiFile, openAiPage } from '#core/wire/openai/file-object.ts';
import { answerJson, labelHeaders } from '../gateway/answer.ts';
import type { ByteSource, GatewayAnswer } from '../gateway/gateway-answer.ts';
import { passed, type Refusal, refused, type Staged } from '../gateway/stage.ts';
import type { BatchDesk } from './batch-services.ts';
import { type BulkRequest, bulkRefusal, checked, placeHere } from './bulk-request.ts';
import { storeFile } from './store-file.ts';

/** POST /v1/files */
export async function answerUpload(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { arrival, tenant } = bulk;
  const { request, requestId, at } = arrival;
  const placed = placeHere(bulk, request.headers.get(requestHeaders.residency));
  if (!placed.ok) return placed;
  const forbidden = bulkRefusal(desk, bulk);
  if (forbidden !== undefined) return refused(forbidden);
  const boundary = boundaryOf(request.headers.get('content-type'));
  if (boundary === undefined || request.body === null) return refused(noForm);
  const residency = placed.value.policy.name;
  const { body } = request;
  const stored = await storeFile(desk, { tenant: tenant.name, residency, boundary, body, at });
  if (!stored.ok) return stored;
  const { id, bytes } = stored.value;
  desk.log.write('info', 'file-stored', { requestId, tenant: tenant.name, residency, file: id, bytes });
  return passed(answerJson(openAiFile(stored.value), { requestId, residency }));
}

const noForm: Refusal = {
  code: 'invalid_request',
  message: 'The body must be multipart/form-data, with the file in "file" and "batch" in "purpose".',
};

/** GET /v1/files */
export async function answerFiles(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { url, requestId, at } = bulk.arrival;
  const query = checked(fileListSchema, Object.fromEntries(url.searchParams));
  if (!query.ok) return query;
  const { after, limit, order, purpose } = query.value;
  const page = await desk.store.listFiles(bulk.tenant.name, { after, limit, oldestFirst: order === 'asc' });
  const shown = page.items.filter(
    (file) => file.expiresAt > at && (purpose === undefined || file.purpose === purpose),
  );
  return passed(answerJson(openAiPage({ ...page, items: shown }, openAiFile), { requestId }));
}

/** GET /v1/files/{id} */
export async function answerFile(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const file = await findFile(desk, bulk);
  if (!file.ok) return file;
  const { requestId } = bulk.arrival;
  return passed(answerJson(openAiFile(file.value), { requestId, residency: file.value.residency }));
}

/** GET /v1/files/{id}/content */
export async function answerContent(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const found = await findFile(desk, bulk);
  if (!found.ok) return found;
  const file = found.value;
  const placed = placeHere(bulk, file.residency);
  if (!placed.ok) return placed;
  const { requestId, request } = bulk.arrival;
  const bytes = request.method === 'HEAD' ? emptyBody() : await desk.objects.read(file.key);
  if (bytes === undefined) return refused(noSuchFile(bulk.id));
  const headers = labelHeaders({ requestId, residency: file.residency });
  headers.set('content-type', 'application/octet-stream');
  // Whoever reads less than that knows that it broke off.
  headers.set('content-length', String(file.bytes));
  return passed({ status: 200, headers, body: byteSource(bytes) });
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {
  // The head alone was asked for.
}

/** DELETE /v1/files/{id}: not while a batch reads it. */
export async function answerDelete(desk: BatchDesk, bulk: BulkRequest): Promise<Staged<GatewayAnswer>> {
  const { requestId } = bulk.arrival;
  const found = await findFile(desk, bulk);
  if (!found.ok) return found;
  const file = found.value;
  for (const reader of file.readers) {
    const batch = await desk.store.loadBatch(bulk.tenant.name, reader);
    if (batch === undefined || hasEnded(batch)) continue;
    const message = `The batch "${batch.id}" reads the file; cancel it, or wait until it has ended.`;
    return refused({ code: 'operation_refused', message });
  }
  if (!(await desk.store.removeFile(file))) {
    const message = 'The file was taken up by a batch just now; look at it again.';
    return refused({ code: 'operation_refused', message });
  }
  await desk.objects.remove([file.key]);
  desk.log.write('info', 'file-deleted', { requestId, tenant: bulk.tenant.name, file: file.id });
  return passed(answerJson({ id: file.id, object: 'file', deleted: true }, { requestId }));
}

/** One of the tenant's own: others' are as unknown as none. */
async function findFile(desk: BatchDesk, { tenant, id, arrival }: BulkRequest): Promise<Staged<StoredFile>> {
  const file = await desk.store.loadFile(tenant.name, id);
  return file === undefined || file.expiresAt <= arrival.at ? refused(noSuchFile(id)) : passed(file);
}

function noSuchFile(id: string): Refusal {
  return { code: 'not_found', message: `There is no file "${id.slice(0, 100)}".`, param: 'id' };
}

function byteSource(bytes: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = bytes[Symbol.asyncIterator]();
  return {
    async pull(sink) {
      const next = await iterator.next();
      if (next.done === true) sink.close();
      else sink.enqueue(next.value);
    },
    cancel: () => void iterator.return?.()?.catch(() => undefined),
  };
}
