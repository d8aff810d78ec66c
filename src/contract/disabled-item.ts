/** An operator's word that a target is not to be called, as the control items and the last good copies hold it. */
import * as z from 'zod';

export const disabledTargetSchema = z.object({
  target: z.string().min(1),
  by: z.string(),
  reason: z.string(),
  /** ISO 8601 UTC. */
  until: z.iso.datetime({ offset: false }),
});
