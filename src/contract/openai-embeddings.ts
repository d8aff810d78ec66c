/** The body of POST /v1/embeddings: strict, so that nothing a caller sends is silently ignored. */
import * as z from 'zod';
import type { RefusedFields } from './body-violations.ts';

/** As many as OpenAI's own API takes in one call. */
const TEXTS_MAX = 2048;

const textsWanted = `must be a text or a list of 1 to ${TEXTS_MAX} texts`;
const text = z.string('must be a text').min(1, 'must not be empty');

const input = z
  .unknown()
  .refine(
    (value) => !holdsTokens(value),
    'must be text: token numbers mean something to the tokenizer they come from only, and no target here has OpenAI’s',
  )
  .pipe(z.union([text, z.array(text).min(1, textsWanted).max(TEXTS_MAX, textsWanted)], textsWanted));

/** Tokens of one text, or a list of such. */
function holdsTokens(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const first: unknown = value[0];
  return (
    typeof first === 'number' || (Array.isArray(first) && first.every((part) => typeof part === 'number'))
  );
}

export const openAiEmbeddingsSchema = z.strictObject({
  model: z.string().min(1).max(256),
  input,
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).max(100_000).nullish(),
  /** A label: it changes no vector. */
  user: z.string().max(512).optional(),
});

/** The format has no field that only others honour. */
export const refusedEmbeddingFields: RefusedFields = {};
