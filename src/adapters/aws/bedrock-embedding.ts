/** Texts as the bodies of Bedrock's embedding models, and their answers as vectors. */
import { type EmbeddingModelFacts, embeddingModelFacts } from '#core/embedding/bedrock-embedding-models.ts';
import type {
  EmbeddingAnswer,
  EmbeddingPurpose,
  EmbeddingRequest,
} from '#core/embedding/embedding-request.ts';
import { invariant } from '#core/units/invariant.ts';
import {
  arrayIn,
  type JsonObject,
  MalformedAnswer,
  objectIn,
  optionalCount,
  vectorIn,
} from './answer-reader.ts';

/** @throws InvariantError for a model or a number of texts that the decide stage does not let through */
export function bedrockEmbeddingBody(modelId: string, request: EmbeddingRequest): string {
  const { texts, dimensions } = request;
  const facts = factsOf(modelId);
  const [text, ...others] = texts;
  invariant(text !== undefined && others.length < facts.textsMax, `${modelId} takes ${facts.textsMax} texts`);
  switch (facts.family) {
    case 'titan-1':
      return JSON.stringify({ inputText: text });
    case 'titan-2':
      return JSON.stringify({ inputText: text, dimensions, normalize: request.normalize });
    case 'titan-image':
      return JSON.stringify({
        inputText: text,
        embeddingConfig: dimensions === undefined ? undefined : { outputEmbeddingLength: dimensions },
      });
    case 'cohere-3':
    case 'cohere-4':
      return cohereBody(facts, request);
    case 'nova':
      return novaBody(text, request);
  }
}

function cohereBody({ family }: EmbeddingModelFacts, request: EmbeddingRequest): string {
  const { texts, purpose, truncate, dimensions } = request;
  return JSON.stringify({
    texts,
    input_type: purpose,
    truncate: truncate === undefined ? undefined : cohereTruncation[family === 'cohere-4' ? 1 : 0][truncate],
    embedding_types: ['float'],
    output_dimension: family === 'cohere-4' ? dimensions : undefined,
  });
}

/** The fourth version names the ends of a text by where they stand. */
const cohereTruncation = [
  { none: 'NONE', start: 'START', end: 'END' },
  { none: 'NONE', start: 'LEFT', end: 'RIGHT' },
] as const;

/** What is looked for among texts is a text here: these models are called with nothing else. */
const novaPurposes: Readonly<Record<EmbeddingPurpose, string>> = {
  search_document: 'GENERIC_INDEX',
  search_query: 'TEXT_RETRIEVAL',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
};

function novaBody(value: string, { purpose, dimensions, truncate = 'none' }: EmbeddingRequest): string {
  return JSON.stringify({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose: novaPurposes[purpose],
      embeddingDimension: dimensions,
      text: { truncationMode: truncate.toUpperCase(), value },
    },
  });
}

/**
 * @param countedTokens what the answer's header says of the input; the body's own count where there is none
 * @throws MalformedAnswer
 */
export function bedrockEmbeddingAnswer(
  modelId: string,
  answer: JsonObject,
  countedTokens: number | undefined,
): EmbeddingAnswer {
  const inputTokens = countedTokens ?? optionalCount(answer.inputTextTokenCount, 'inputTextTokenCount');
  return { embeddings: vectorsOf(factsOf(modelId), answer), inputTokens };
}

function vectorsOf({ family }: EmbeddingModelFacts, answer: JsonObject): readonly (readonly number[])[] {
  switch (family) {
    case 'titan-1':
    case 'titan-2':
    case 'titan-image':
      return [vectorIn(answer.embedding, 'embedding')];
    case 'cohere-3':
    case 'cohere-4': {
      const { embeddings } = answer;
      // By type, as asked; older answers give the list alone.
      const floats = Array.isArray(embeddings) ? embeddings : objectIn(embeddings, 'embeddings').float;
      return arrayIn(floats, 'embeddings.float').map((vector) => vectorIn(vector, 'embeddings.float'));
    }
    case 'nova': {
      const entries = arrayIn(answer.embeddings, 'embeddings').map((entry) => objectIn(entry, 'embeddings'));
      return entries.map((entry) => vectorIn(entry.embedding, 'embeddings.embedding'));
    }
  }
}

function factsOf(modelId: string): EmbeddingModelFacts {
  const facts = embeddingModelFacts(modelId);
  invariant(facts !== undefined, `${modelId} is no embedding model that is spoken here`);
  return facts;
}

/** The count that Bedrock puts into a header of InvokeModel's answers. */
export function countInHeader(value: string | string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  if (!/^\d{1,15}$/.test(text)) throw new MalformedAnswer('the token count in the header is no whole number');
  return Number(text);
}
