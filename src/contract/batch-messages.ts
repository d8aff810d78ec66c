/** What stands in the queues of batches: names and numbers, never a prompt. */
import * as z from 'zod';

const batchName = { tenant: z.string().min(1), batch: z.string().min(1) };
const whole = z.int().min(0);

export const batchMessageSchema = z.discriminatedUnion('kind', [
  /** Read the file of a batch. */
  z.object({ kind: z.literal('read'), ...batchName }),
  /** Call a run of its lines. */
  z.object({
    kind: z.literal('call'),
    ...batchName,
    chunk: whole,
    offset: whole,
    bytes: z.int().min(1),
    firstLine: z.int().min(1),
    lines: z.int().min(1),
  }),
  /** Put what came of them together. */
  z.object({ kind: z.literal('finish'), ...batchName }),
]);

export type BatchMessage = z.output<typeof batchMessageSchema>;
export type CallOrder = Extract<BatchMessage, { kind: 'call' }>;

/** Where the lines of each chunk stand, kept beside the file. */
export const linePlanSchema = z.array(
  z.object({ offset: whole, bytes: z.int().min(1), firstLine: z.int().min(1), lines: z.int().min(1) }),
);

/** A message that came so often in vain is put aside. */
export const RECEIPTS_UNTIL_DEAD = 24;
