/** Vectors in the formats in which InvokeModel carries them: the bodies that callers send, the answers they expect. */
import type {
  EmbeddingAnswer,
  EmbeddingPurpose,
  EmbeddingRequest,
} from '../../embedding/embedding-request.ts';

export interface TitanEmbeddingBody {
  readonly inputText: string;
  readonly dimensions?: number | undefined;
  readonly normalize?: boolean | undefined;
  readonly embeddingTypes?: readonly string[] | undefined;
}

export interface CohereEmbeddingBody {
  readonly texts: readonly string[];
  readonly input_type: EmbeddingPurpose;
  readonly truncate?: CohereTruncation | undefined;
  readonly embedding_types?: readonly string[] | undefined;
  readonly output_dimension?: number | undefined;
}

type CohereTruncation = 'NONE' | 'START' | 'END' | 'LEFT' | 'RIGHT';

type NovaPurpose = 'GENERIC_INDEX' | 'TEXT_RETRIEVAL' | 'CLASSIFICATION' | 'CLUSTERING';

export interface NovaEmbeddingBody {
  readonly singleEmbeddingParams: {
    readonly embeddingPurpose: NovaPurpose;
    readonly embeddingDimension?: number | undefined;
    readonly text: { readonly truncationMode: 'NONE' | 'START' | 'END'; readonly value: string };
  };
}

const truncations = { NONE: 'none', START: 'start', LEFT: 'start', END: 'end', RIGHT: 'end' } as const;

const purposes: Readonly<Record<NovaPurpose, EmbeddingPurpose>> = {
  GENERIC_INDEX: 'search_document',
  TEXT_RETRIEVAL: 'search_query',
  CLASSIFICATION: 'classification',
  CLUSTERING: 'clustering',
};

/** Titan's format has no word for what a vector is for: it is made as that of a document. */
export function embeddingOfTitan(body: TitanEmbeddingBody, model: string): EmbeddingRequest {
  const { inputText, dimensions, normalize } = body;
  return { model, texts: [inputText], dimensions, normalize, purpose: 'search_document' };
}

export function embeddingOfCohere(body: CohereEmbeddingBody, model: string): EmbeddingRequest {
  const { texts, input_type: purpose, truncate, output_dimension: dimensions } = body;
  return {
    model,
    texts,
    dimensions,
    purpose,
    truncate: truncate === undefined ? undefined : truncations[truncate],
  };
}

export function embeddingOfNova(
  { singleEmbeddingParams }: NovaEmbeddingBody,
  model: string,
): EmbeddingRequest {
  const { embeddingPurpose, embeddingDimension: dimensions, text } = singleEmbeddingParams;
  return {
    model,
    texts: [text.value],
    dimensions,
    purpose: purposes[embeddingPurpose],
    truncate: truncations[text.truncationMode],
  };
}

/** By type where the caller named types, which is where Titan does it too. */
export function titanEmbedding({ embeddings, inputTokens }: EmbeddingAnswer, body: TitanEmbeddingBody) {
  const [embedding] = embeddings;
  return {
    embedding,
    ...(body.embeddingTypes === undefined ? {} : { embeddingsByType: { float: embedding } }),
    ...(inputTokens === undefined ? {} : { inputTextTokenCount: inputTokens }),
  };
}

export function cohereEmbedding(id: string, { embeddings }: EmbeddingAnswer, body: CohereEmbeddingBody) {
  const form =
    body.embedding_types === undefined
      ? { response_type: 'embeddings_floats', embeddings }
      : { response_type: 'embeddings_by_type', embeddings: { float: embeddings } };
  return { id, ...form, texts: body.texts };
}

export function novaEmbedding({ embeddings, inputTokens }: EmbeddingAnswer) {
  return {
    embeddings: embeddings.map((embedding) => ({ embeddingType: 'TEXT', embedding })),
    ...(inputTokens === undefined ? {} : { inputTokenCount: inputTokens }),
  };
}
