import type { EmbeddingRequest } from '#core/embedding/embedding-request.ts';

/** One short text for embed. */
export function anEmbeddingRequest(changes: Partial<EmbeddingRequest> = {}): EmbeddingRequest {
  return { model: 'embed', texts: ['the tide'], purpose: 'search_document', ...changes };
}
