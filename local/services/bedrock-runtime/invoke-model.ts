import type { InvokeModelRequest, InvokeModelResponse } from '@aws-sdk/client-bedrock-runtime';
import { EMBEDDING_ENGINE } from '#serving-model/engine.ts';
import type { CallContext } from '../../service.ts';
import { hashText } from '../../world/answers/hash.ts';
import { servedRegion } from '../../world/resolve-target.ts';
import { findTarget, requireAccess, requireQuota, requireThroughput } from './call-target.ts';
import { cohereEmbedding } from './cohere-embedding.ts';
import type { EmbeddingAnswer } from './embedding-answer.ts';
import { parseJsonBody } from './json-body.ts';
import { invalid } from './refusals.ts';
import type { Runtime } from './runtime.ts';
import { titanEmbedding } from './titan-embedding.ts';

/** Text embeddings in the body format of the model's provider. Chat models are spoken to through Converse. */
export async function invokeModel(
  { world, serving }: Runtime,
  request: InvokeModelRequest,
  context: CallContext,
): Promise<InvokeModelResponse> {
  const target = findTarget(world, request.modelId, context);
  requireThroughput(target);
  requireAccess(target, context);
  requireQuota(world, target, context);
  const { modelId, output } = target.model.fact;
  if (!output.includes('EMBEDDING')) {
    throw invalid(
      `InvokeModel serves embedding models here. Call Converse or ConverseStream for ${modelId}.`,
    );
  }
  if (request.guardrailIdentifier !== undefined) {
    throw invalid('The guardrail identifier or version provided in the request does not exist.');
  }
  const answer = embed(modelId, parseJsonBody(request.body));
  const seed = hashText(target.id, answer.inputTokens);
  context.note({ servedRegion: servedRegion(world, context, { target, seed }) });
  await serving.complete({
    key: `${context.account}/${context.region}/${target.id}`,
    slots: Number.POSITIVE_INFINITY,
    inputTokens: answer.inputTokens,
    answer: { blocks: [], stopReason: 'end_turn', outputTokens: 0 },
    engine: EMBEDDING_ENGINE,
    signal: context.signal,
  });
  context.answerHeader('x-amzn-bedrock-input-token-count', String(answer.inputTokens));
  return {
    contentType: 'application/json',
    body: new TextEncoder().encode(JSON.stringify(answer.body)) as NonNullable<InvokeModelResponse['body']>,
    ...(request.serviceTier === undefined ? {} : { serviceTier: request.serviceTier }),
    ...(request.performanceConfigLatency === undefined
      ? {}
      : { performanceConfigLatency: request.performanceConfigLatency }),
  };
}

/** A model that stands in no data file speaks as Titan does, unless its provider is Cohere. */
function embed(modelId: string, body: Record<string, unknown>): EmbeddingAnswer {
  if (modelId.startsWith('cohere.')) return cohereEmbedding(modelId, body);
  if (/embed-image|multimodal|^twelvelabs\./.test(modelId)) {
    throw invalid(`The embeddings of ${modelId} are not offered here: only text embedding models are.`);
  }
  return titanEmbedding(modelId, body);
}
