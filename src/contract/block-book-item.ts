/** The item that holds the blocks of a target's slots: see `core/capacity/slot-block.ts`. */
import * as z from 'zod';

const count = z.int().min(0);

/** Slots and KV tokens that a process has and wants, epoch milliseconds until when, and the number of its write. */
const blockSchema = z.tuple([count, count, count, count, count, count]);

export const blockBookItemSchema = z.object({
  version: count,
  learningUntil: count,
  /** By process. */
  blocks: z.record(z.string(), blockSchema),
});

export type BlockTuple = z.infer<typeof blockSchema>;
