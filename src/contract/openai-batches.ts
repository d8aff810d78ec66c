/** OpenAI's batches and files, as far as a request says anything. */
import * as z from 'zod';

const METADATA_PAIRS_MAX = 16;
const LIST_MAX = 100;
const FILE_LIST_MAX = 10_000;
const SECONDS_MIN = 3_600;
const SECONDS_MAX = 2_592_000;

/** POST /v1/batches */
export const batchRequestSchema = z.object({
  input_file_id: z.string().min(1).max(100),
  endpoint: z.enum(['/v1/chat/completions', '/v1/embeddings']),
  completion_window: z.literal('24h'),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= METADATA_PAIRS_MAX, {
      message: `must not have more than ${METADATA_PAIRS_MAX} pairs`,
    })
    .nullish(),
});

export type BatchRequest = z.output<typeof batchRequestSchema>;

/** The query of GET /v1/batches and GET /v1/files, whose values are texts. */
export const batchListSchema = z.object({
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(LIST_MAX).default(20),
});

export const fileListSchema = z.object({
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(FILE_LIST_MAX).default(LIST_MAX),
  order: z.enum(['asc', 'desc']).default('desc'),
  purpose: z.string().max(40).optional(),
});

/** The fields of POST /v1/files beside the file itself. */
export const fileFieldsSchema = z.object({
  purpose: z.literal('batch'),
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.coerce.number().int().min(SECONDS_MIN).max(SECONDS_MAX).optional(),
});
