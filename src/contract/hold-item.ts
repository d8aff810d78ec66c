/** An operator's hold on a route, as the control items keep it. */
import * as z from 'zod';

export const holdSchema = z.object({
  model: z.string().min(1),
  residency: z.string().min(1),
  by: z.string(),
  reason: z.string(),
  /** ISO 8601 UTC. */
  until: z.iso.datetime({ offset: false }),
});
