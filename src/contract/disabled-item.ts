/** An operator's word that a target is not to be called, as the control items and the last good copies hold it. */
import * as z from 'zod';

export const disabledTargetSchema = z.object({
  target: z.string().min(1),
  by: z.string(),
  reason: z.string(),
  /** ISO 8601 UTC. */
  until: z.iso.datetime({ offset: false }),
  // What is told of a word beside its end never makes it unreadable: it goes on to disable.
  since: z.iso.datetime({ offset: false }).optional().catch(undefined),
  // As records of the audit trail take an id: gateways do not load the schema of those.
  orderId: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/)
    .optional()
    .catch(undefined),
});

/** Where not even an end can be read. It stands until somebody says another word about the target. */
const UNREAD_UNTIL = '9999-12-31T23:59:59.999Z';

/**
 * The word of one item. One that only a newer version can read still disables: it was written to close something.
 *
 * @param target whose item it is, as its key says
 */
export function readDisabledTarget(word: unknown, target: string): z.infer<typeof disabledTargetSchema> {
  const read = disabledTargetSchema.safeParse(word);
  if (read.success) return read.data;
  const ended = disabledTargetSchema.pick({ until: true }).safeParse(word);
  const until = ended.success ? ended.data.until : UNREAD_UNTIL;
  return { target, by: 'unknown', reason: 'said in a form that this version does not know', until };
}
