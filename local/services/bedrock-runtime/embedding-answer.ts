/** What an embedding model made of a body. */
export interface EmbeddingAnswer {
  readonly body: Record<string, unknown>;
  readonly inputTokens: number;
}
