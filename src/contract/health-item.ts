/** What the gateways of a region tell each other of a target's health, as the routing table holds it. Checked on every read. */
import * as z from 'zod';

const instant = z.int().min(0);
const name = z.string().max(64);

const failureSchema = z.object({ by: name, at: instant, points: z.int().min(1).max(1000), origin: name });

/** Of twenty calls at the most; room for what a later version may count. */
const counted = z.int().min(0).max(100);
const tallySchema = z.object({ by: name, at: instant, good: counted, failed: counted });

const standingSchema = z.object({
  episode: z.int().min(1),
  phase: z.enum(['ejected', 'returning']),
  at: instant,
  until: instant,
  ejections: z.int().min(1),
  by: name,
  probe: z.object({ by: name, at: instant, open: z.boolean() }).optional(),
});

/** A reader refuses a schema it does not know: a newer shape could mean something else. */
export const healthItemSchema = z.object({
  schema: z.literal(1),
  /** A target id, or a region's key. */
  key: z.string().min(1).max(2048),
  region: z.string().min(1),
  /** Grows with every write, and past the clock of its writer: what a write was made from. */
  revision: z.int().min(1),
  failures: z.array(failureSchema).max(12),
  goods: z.array(z.object({ origin: name, at: instant })).max(2),
  /** Absent in what a process of an older version wrote, which reads the rest of an item all the same. */
  tallies: z.array(tallySchema).max(12).default([]),
  standing: standingSchema.optional(),
});
