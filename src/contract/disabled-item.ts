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
