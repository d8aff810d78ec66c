/**
 * How files, batches and chunks stand in the `batches` table:
 *
 *     owner             item                revision  expiresAt  ...the record
 *     tenant#<tenant>   file#<id>           upload#<id>          batch#<id>           once#<mark>
 *     batch#<id>        chunk#<number>
 *
 * Ids begin with the time, so that the order of the items is that of their making. What a newer version added to a record
 * stays with it and is written back: gateways and dispatchers of two versions change the same items during an upgrade.
 */
import * as z from 'zod';
import { batchKeys } from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import { type Batch, batchEndpoints, batchStates } from '#core/batch/batch.ts';
import type { Chunk } from '#core/batch/chunk.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import type { StoredUpload } from '#core/batch/stored-upload.ts';

export const tenantOwner = (tenant: string): string => `tenant#${tenant}`;
export const batchOwner = (batch: string): string => `batch#${batch}`;
export const itemPrefixes = {
  file: 'file#',
  upload: 'upload#',
  batch: 'batch#',
  chunk: 'chunk#',
  once: 'once#',
} as const;

const CHUNK_DIGITS = 5;
export const chunkItem = (index: number): string =>
  `${itemPrefixes.chunk}${String(index).padStart(CHUNK_DIGITS, '0')}`;

const count = z.int().min(0);
const instant = z.number().min(0);
const tally = {
  completed: count,
  failed: count,
  expired: count,
  repeatedCalls: count,
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  reasoningTokens: count,
};

const fileItemSchema = z.looseObject({
  tenant: z.string(),
  id: z.string(),
  revision: count,
  purpose: z.enum(['batch', 'batch_output']),
  filename: z.string(),
  bytes: count,
  createdAt: instant,
  forgottenAt: instant,
  residency: z.string(),
  key: z.string(),
  readers: z.array(z.string()),
});

const uploadItemSchema = z.looseObject({
  tenant: z.string(),
  id: z.string(),
  revision: count,
  filename: z.string(),
  bytes: count,
  residency: z.string(),
  createdAt: instant,
  closesAt: instant,
  fileKeptMs: count.optional(),
  state: z.enum(['pending', 'completing', 'completed', 'cancelled']),
  parts: z.array(z.string()),
});

const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  line: count.optional(),
  param: z.string().optional(),
});

const batchItemSchema = z.looseObject({
  tenant: z.string(),
  id: z.string(),
  revision: count,
  endpoint: z.enum(batchEndpoints),
  inputFile: z.string(),
  inputKey: z.string(),
  residency: z.string(),
  scopes: z.object({ residencies: z.array(z.string()), models: z.array(z.string()) }),
  state: z.enum(batchStates),
  metadata: z.record(z.string(), z.string()).optional(),
  createdAt: instant,
  windowEndsAt: instant,
  since: z.partialRecord(z.enum(batchStates), instant),
  model: z.string().optional(),
  lines: count,
  chunks: count,
  problems: z.array(problemSchema),
  tally: z.object(tally).optional(),
  outputFile: z.string().optional(),
  errorFile: z.string().optional(),
});

const chunkItemSchema = z.looseObject({
  batch: z.string(),
  index: count,
  revision: count,
  holder: z.string().optional(),
  leaseUntil: instant,
  begun: z.array(count),
  crashes: count,
  postponements: count,
  part: z.string().optional(),
  ...tally,
});

/** `expiresAt` is the table's own word, in seconds: a record's time of that name is kept under another. */
export function fileOfItem(item: unknown): StoredFile {
  const { forgottenAt, ...rest } = recordOf(fileItemSchema.parse(item));
  return { ...rest, expiresAt: forgottenAt };
}

export function itemOfFile({ expiresAt: forgottenAt, ...rest }: StoredFile): Record<string, unknown> {
  return { ...rest, forgottenAt };
}

export function uploadOfItem(item: unknown): StoredUpload {
  const { closesAt, ...rest } = recordOf(uploadItemSchema.parse(item));
  return { ...rest, expiresAt: closesAt };
}

export function itemOfUpload({ expiresAt: closesAt, ...rest }: StoredUpload): Record<string, unknown> {
  return { ...rest, closesAt };
}

export function batchOfItem(item: unknown): Batch {
  const { windowEndsAt, ...rest } = recordOf(batchItemSchema.parse(item));
  return { ...rest, expiresAt: windowEndsAt };
}

export function itemOfBatch({ expiresAt: windowEndsAt, ...rest }: Batch): Record<string, unknown> {
  return { ...rest, windowEndsAt };
}

export function chunkOfItem(item: unknown): Chunk {
  return recordOf(chunkItemSchema.parse(item));
}

const tableWords: ReadonlySet<string> = new Set([batchKeys.partition, batchKeys.sort, timeToLiveAttribute]);

/** Without what belongs to the item and not to the record in it. */
function recordOf<Item extends object>(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !tableWords.has(name))) as Item;
}
