/**
 * core/embedding: texts as vectors, in one canonical form between the callers' formats and the models' own.
 *
 * Invariant: vectors stand in the order of their texts, and an answer has one for each text or is none at all. What
 * a model cannot do is known before it is called (`bedrock-embedding-models.ts`). The folder owns no state.
 */

/** What the vectors are for; models that do not tell purposes apart are called without one. */
export type EmbeddingPurpose = 'search_document' | 'search_query' | 'classification' | 'clustering';

export interface EmbeddingRequest {
  /** The logical model that the caller asked for. */
  readonly model: string;
  /** 1 or more, none of them empty. */
  readonly texts: readonly string[];
  /** Length of each vector. @default - the model's own */
  readonly dimensions?: number | undefined;
  readonly purpose: EmbeddingPurpose;
  /** Vectors of length 1, or as they are. @default - the model's own */
  readonly normalize?: boolean | undefined;
  /** What to do with a text that is too long. @default - the model's own: it refuses, or says what it does */
  readonly truncate?: 'none' | 'start' | 'end' | undefined;
}

export interface EmbeddingAnswer {
  /** One vector for each text, in their order. */
  readonly embeddings: readonly (readonly number[])[];
  /** As the target counts them; undefined where it tells no count. */
  readonly inputTokens: number | undefined;
}
