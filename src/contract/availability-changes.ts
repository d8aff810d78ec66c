/** What `GET /spillway/v1/availability/changes` answers: what is different between two moments, and by which steps. */
import * as z from 'zod';

const isoTime = z.string();

/** A state, what was said of it, and since when it held. */
const stateSchema = z.object({ state: z.string(), reasons: z.array(z.string()), since: isoTime });

/** `returned`: as it was, with something else in between. `lost`: something moved that nobody noted, so nobody can tell. */
const differenceKinds = ['appeared', 'left', 'changed', 'returned', 'lost'] as const;

/** An account and region of which the past is not known as far back as was asked. */
export const unrecordedPlaceSchema = z.object({
  account: z.string(),
  region: z.string(),
  /** From here on everything is known. Absent: nothing of its past is. */
  recordedFrom: isoTime.optional(),
});

export const availabilityChangesSchema = z.object({
  /** The two moments, as they were understood. */
  since: isoTime,
  until: isoTime,
  /** How old the oldest report is that this rests on, and whether discovery does not report somewhere. */
  asOf: isoTime,
  stale: z.boolean(),
  /** Of all, on all pages. */
  counts: z.object({
    appeared: z.int(),
    left: z.int(),
    changed: z.int(),
    returned: z.int(),
    lost: z.int(),
  }),
  /** Newest first. */
  changes: z.array(
    z.object({
      id: z.string(),
      account: z.string(),
      region: z.string(),
      model: z.string().optional(),
      modelId: z.string().optional(),
      endpoint: z.string().optional(),
      profileId: z.string().optional(),
      scope: z.string(),
      kind: z.enum(differenceKinds),
      /** When it last moved between the two moments; of what was lost, when it is known to have moved at all. */
      at: isoTime,
      /** Absent where it was not there, or nobody can tell. */
      before: stateSchema.optional(),
      after: stateSchema.optional(),
      /** Who can repair what it is now. */
      hint: z.object({ who: z.enum(['nobody', 'account-owner', 'aws-support', 'wait']), text: z.string() }),
      /** Every move between the two moments, oldest first. */
      steps: z.array(
        z.object({
          at: isoTime,
          /** Absent: it was not there before. */
          from: z.string().optional(),
          /** Absent: it was not there afterwards. */
          to: z.string().optional(),
          reasons: z.array(z.string()),
        }),
      ),
      /** Moves older than the first of `steps` that are left out. */
      stepsLeftOut: z.int(),
    }),
  ),
  unrecorded: z.array(unrecordedPlaceSchema),
  /** Reports and entries that cannot be read and are not served. */
  unreadable: z.int(),
  /** The path of the next page; absent on the last one. */
  next: z.string().optional(),
});

export type AvailabilityChanges = z.infer<typeof availabilityChangesSchema>;
