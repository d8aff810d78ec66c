import { bodyViolations } from '#contract/body-violations.ts';
import { openAiEmbeddingsSchema, refusedEmbeddingFields } from '#contract/openai-embeddings.ts';
import { embeddingList } from '#core/wire/openai/embedding-list.ts';
import type { Dialect } from './dialect.ts';
import { openAiErrors } from './openai-errors.ts';

/** POST /v1/embeddings. The format cannot say what vectors are for: they are made as those of documents. */
export const openAiEmbeddings: Dialect = {
  errors: openAiErrors,
  read: (body) => {
    const parsed = openAiEmbeddingsSchema.safeParse(body);
    if (!parsed.success) {
      return { ok: false, violations: bodyViolations(parsed.error.issues, refusedEmbeddingFields) };
    }
    const { model, input, dimensions, encoding_format: encoding } = parsed.data;
    return {
      ok: true,
      work: {
        kind: 'embedding',
        request: {
          model,
          texts: typeof input === 'string' ? [input] : input,
          dimensions: dimensions ?? undefined,
          purpose: 'search_document',
        },
        writer: {
          whole: (identity, answer) => ({
            body: embeddingList(identity.model, answer, encoding ?? 'float'),
          }),
        },
      },
    };
  },
};
