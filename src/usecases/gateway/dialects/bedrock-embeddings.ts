/** Vectors as InvokeModel carries them: each format's reader, and the writer of what its callers expect. */
import {
  cohereEmbeddingSchema,
  novaEmbeddingSchema,
  titanEmbeddingSchema,
} from '#contract/bedrock-embeddings.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import {
  cohereEmbedding,
  embeddingOfCohere,
  embeddingOfNova,
  embeddingOfTitan,
  novaEmbedding,
  titanEmbedding,
} from '#core/wire/bedrock/native-embeddings.ts';
import { bedrockHeaders } from './bedrock-errors.ts';
import type { AnswerIdentity, ReadCall } from './dialect.ts';

export function readTitanEmbedding(body: unknown, model: string): ReadCall {
  const parsed = titanEmbeddingSchema.safeParse(body);
  if (!parsed.success) return { ok: false, violations: bodyViolations(parsed.error.issues, {}) };
  const { data } = parsed;
  return embedding(embeddingOfTitan(data, model), (_, answer) => titanEmbedding(answer, data));
}

export function readCohereEmbedding(body: unknown, model: string): ReadCall {
  const parsed = cohereEmbeddingSchema.safeParse(body);
  if (!parsed.success) return { ok: false, violations: bodyViolations(parsed.error.issues, {}) };
  const { data } = parsed;
  return embedding(embeddingOfCohere(data, model), ({ requestId }, answer) =>
    cohereEmbedding(requestId, answer, data),
  );
}

export function readNovaEmbedding(body: unknown, model: string): ReadCall {
  const parsed = novaEmbeddingSchema.safeParse(body);
  if (!parsed.success) return { ok: false, violations: bodyViolations(parsed.error.issues, {}) };
  return embedding(embeddingOfNova(parsed.data, model), (_, answer) => novaEmbedding(answer));
}

function embedding(
  request: EmbeddingRequest,
  body: (identity: AnswerIdentity, answer: EmbeddingAnswer) => unknown,
): ReadCall {
  return {
    ok: true,
    work: {
      kind: 'embedding',
      request,
      writer: {
        whole: (identity, answer) => ({
          body: body(identity, answer),
          headers: { ...bedrockHeaders(identity), ...countHeader(answer) },
        }),
      },
    },
  };
}

function countHeader({ inputTokens }: EmbeddingAnswer): Readonly<Record<string, string>> {
  return inputTokens === undefined ? {} : { 'x-amzn-bedrock-input-token-count': String(inputTokens) };
}
