/** What a gateway tells of itself once a second on `GET /spillway/v1/events`: names, ids, numbers and times. */
import * as z from 'zod';

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const isoTime = z.string();
const tierSchema = z.enum(['dedicated', 'serverless', 'baseline']);

/** From counts in buckets: each within 5 % of the exact one. */
const percentilesSchema = z.object({ p50: milliseconds, p95: milliseconds });

/** Where the time of one request went. All milliseconds count from its arrival, but for durations. */
const slowRequestSchema = z.object({
  requestId: z.string(),
  model: z.string(),
  residency: z.string(),
  lane: z.string(),
  outcome: z.string(),
  arrivedAt: isoTime,
  /** When it was first known whom to ask. Absent where nobody may answer. */
  decidedMs: milliseconds.optional(),
  /** Part of the time before an attempt. */
  waitedForSlotMs: milliseconds,
  attempts: z.array(
    z.object({
      target: z.string(),
      tier: tierSchema,
      outcome: z.string(),
      startedMs: milliseconds.optional(),
      durationMs: milliseconds,
    }),
  ),
  firstContentMs: milliseconds.optional(),
  totalMs: milliseconds,
});

const laneSchema = z.object({
  /** Calls that stand in a line before a target of this process. */
  waiting: count,
  /** Slots of limited targets that calls of this process hold. */
  slots: count,
});

export const liveEventSchema = z.object({
  /** The end of what it covers. */
  at: isoTime,
  /** What the counts cover: about a second. */
  coversMs: milliseconds,
  /** The gateway's region. */
  gateway: z.string(),
  /** `tenant`: the requests of the viewer's tenant that its key may see. `everything`: to operators. */
  sees: z.enum(['tenant', 'everything']),
  /** How far percentiles and cost look back: at most a minute, less where nobody listened before. */
  windowMs: milliseconds,
  /** Requests that ended, however they did; by the tier that answered, or was asked last. */
  requests: count,
  tiers: z.object({ dedicated: count, serverless: count, baseline: count, none: count }),
  /** Answers of another tier than the best one of the route. */
  spilled: count,
  /** Targets that were asked because the one before them failed. */
  failovers: count,
  /** By how they ended: `answered`, `resumed`, `cancelled` or an error code. */
  outcomes: z.record(z.string(), count),
  inputTokens: count,
  outputTokens: count,
  /** Of the requests of the window, as if they went on for an hour. */
  costUsdPerHour: z.number().min(0),
  /** Answers of the window without a known price: the cost leaves them out. */
  unpriced: count,
  /** Of the window. */
  models: z.array(
    z.object({
      model: z.string(),
      requests: count,
      /** Null where no answer began. */
      firstContentMs: percentilesSchema.nullable(),
      totalMs: percentilesSchema.nullable(),
    }),
  ),
  /** Of the window: which regions were asked, under which residency; the busiest first, at most 200. */
  went: z
    .array(
      z.object({
        residency: z.string(),
        region: z.string(),
        /** Calls that were sent there, those that failed too. */
        asked: count,
        /** Requests that were answered from there. */
        answered: count,
      }),
    )
    // A gateway of the version before does not tell it.
    .default([]),
  lanes: z.object({ interactive: laneSchema, standard: laneSchema, bulk: laneSchema }),
  targets: z.array(
    z.object({
      target: z.string(),
      slots: count,
      /** How many this gateway region may hold there in all its processes. To operators only. */
      slotsMax: count.optional(),
    }),
  ),
  /** The slowest of those that ended in this second, slower than their model's p95; at most five. */
  slow: z.array(slowRequestSchema),
  /** Requests of more tenants, residencies and models than are counted apart: they stand in no other number. */
  uncounted: count,
});

export type LiveEvent = z.infer<typeof liveEventSchema>;
export type SlowRequest = z.infer<typeof slowRequestSchema>;
