import { isHouseError } from '#core/errors/house-error.ts';
import { answerRefusal } from '../gateway/answer.ts';
import type { BulkOperation } from '../gateway/endpoints.ts';
import type { GatewayAnswer } from '../gateway/gateway-answer.ts';
import { identify } from '../gateway/identify.ts';
import type { Arrival, Refusal, Staged } from '../gateway/stage.ts';
import { answerBatch, answerBatches, answerCancel, answerCreate } from './answer-batches.ts';
import { answerContent, answerDelete, answerFile, answerFiles, answerUpload } from './answer-files.ts';
import {
  answerUploadCancel,
  answerUploadComplete,
  answerUploadCreate,
  answerUploadPart,
} from './answer-uploads.ts';
import type { BatchDesk } from './batch-services.ts';
import type { BulkContext, BulkRequest } from './bulk-request.ts';

type Answering = (desk: BatchDesk, request: BulkRequest) => Promise<Staged<GatewayAnswer>>;

const answers: Readonly<Record<BulkOperation, Answering>> = {
  'file-upload': answerUpload,
  'file-list': answerFiles,
  file: answerFile,
  'file-content': answerContent,
  'file-delete': answerDelete,
  'upload-create': answerUploadCreate,
  'upload-part': answerUploadPart,
  'upload-complete': answerUploadComplete,
  'upload-cancel': answerUploadCancel,
  'batch-create': answerCreate,
  'batch-list': answerBatches,
  batch: answerBatch,
  'batch-cancel': answerCancel,
};

/** OpenAI's files and batches. Who asks is settled before anything is read. */
export async function answerBulk(
  context: BulkContext,
  arrival: Arrival,
  asked: { readonly operation: BulkOperation; readonly id: string },
): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const labels = { requestId };
  const identified = await identify(context.tenants, request);
  if (!identified.ok) return answerRefusal(identified.refusal, labels);
  if (context.openBatches === undefined) return answerRefusal(switchedOff, labels);
  if (asked.id.length > ID_CHARACTERS_MAX) return answerRefusal(noSuchId, labels);
  try {
    const desk = await context.openBatches();
    const bulk = { context, arrival, tenant: identified.value, id: asked.id };
    const answer = await answers[asked.operation](desk, bulk);
    return answer.ok ? answer.value : answerRefusal(answer.refusal, labels);
  } catch (error) {
    if (!isHouseError(error)) throw error;
    context.log.write('error', 'batch-store-failed', {
      requestId,
      operation: asked.operation,
      code: error.code,
    });
    return answerRefusal(storesAway, labels);
  }
}

/** Twice what an id has here. The stores would fail over one that is no key any more. */
const ID_CHARACTERS_MAX = 100;

const noSuchId: Refusal = {
  code: 'not_found',
  message: `There is nothing by this id: it is longer than ${ID_CHARACTERS_MAX} characters.`,
  param: 'id',
};

const switchedOff: Refusal = { code: 'not_found', message: 'Files and batches are switched off here.' };

const storesAway: Refusal = {
  code: 'not_ready',
  message: 'What keeps files and batches cannot be read or written at this moment. Try again shortly.',
  retryAfterMs: 1000,
};
