/** OpenAI's batches and files, as far as a request says anything. */
import * as z from 'zod';

const METADATA_PAIRS_MAX = 16;
const LIST_MAX = 100;
const FILE_LIST_MAX = 10_000;
/** As many of the size that a function takes make the largest file. */
export const UPLOAD_PARTS_MAX = 100;
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

/** POST /v1/uploads */
export const uploadRequestSchema = z.object({
  bytes: z.int().min(1),
  filename: z.string().min(1).max(256),
  mime_type: z.string().max(100),
  purpose: z.literal('batch'),
  expires_after: z
    .object({
      anchor: z.literal('created_at'),
      seconds: z.int().min(SECONDS_MIN).max(SECONDS_MAX),
    })
    .optional(),
});

/** POST /v1/uploads/{id}/complete */
export const uploadCompletionSchema = z.object({
  part_ids: z
    .array(z.string().regex(/^part_[0-9a-z]{1,90}$/, 'must be the id of a part'))
    .min(1)
    .max(UPLOAD_PARTS_MAX),
  md5: z.undefined('is not checked here: leave it out').optional(),
});

/** The fields of POST /v1/files beside the file itself. */
export const fileFieldsSchema = z.object({
  purpose: z.literal('batch'),
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.coerce.number().int().min(SECONDS_MIN).max(SECONDS_MAX).optional(),
});
