/** What gateways tell of published routes: `GET /spillway/v1/routes`, and each route's `/history` and `/difference`. */
import * as z from 'zod';
import { laneSchema } from './lanes.ts';
import { targetStates } from './route-item.ts';

const isoTime = z.string();
const target = z.string();

/** What may be asked of this gateway, and the routes that it answers from. */
export const routeListSchema = z.object({
  /** Region of the gateway that answers. */
  from: z.string(),
  /** Gateway regions of the deployment. */
  gateways: z.array(z.string()),
  /** Those that the viewer's calls may name. */
  lanes: z.array(laneSchema),
  /** Of a call that names none. */
  defaultLane: laneSchema.optional(),
  models: z.array(z.object({ name: z.string(), kind: z.enum(['chat', 'embedding']) })),
  residencies: z.array(z.string()),
  defaultResidency: z.string().optional(),
  routes: z.array(
    z.object({
      model: z.string(),
      residency: z.string(),
      /** 0 where only a baseline is known. */
      version: z.int(),
      source: z.enum(['table', 'last-good', 'baseline']),
      targets: z.int(),
      baseline: z.int(),
    }),
  ),
});

const changesSchema = z.object({
  added: z.array(target),
  removed: z.array(target),
  /** Targets that stayed with another state. */
  changed: z.array(z.object({ target, before: z.enum(targetStates), after: z.enum(targetStates) })),
  /** Targets that stayed in the same state with other members, by their names. */
  detailed: z.array(z.object({ target, members: z.array(z.string()) })),
  /** Those that stayed stand in another order. */
  reordered: z.boolean(),
  /** Changes of targets that the viewer may not be told of. */
  hidden: z.int(),
});

export const routeHistorySchema = z.object({
  model: z.string(),
  residency: z.string(),
  /** Newest first, at most 30. The first one stands. */
  versions: z.array(
    z.object({
      version: z.int(),
      publishedAt: isoTime,
      reason: z.string(),
      /** The operator who ordered it. @default - plan published it by itself */
      by: z.string().optional(),
      targets: z.int(),
      /** Since the version before. @default - that one is not kept any more */
      changes: changesSchema.optional(),
    }),
  ),
  /** What operators hold it by now, in any region. */
  holds: z.array(z.object({ by: z.string(), reason: z.string(), until: isoTime, region: z.string() })),
  at: isoTime,
});

export const routeDifferenceSchema = z.object({
  model: z.string(),
  residency: z.string(),
  from: z.int(),
  to: z.int(),
  changes: changesSchema,
  /** Targets of `to`, baseline included, that the residency forbids today: a rollback refuses them, or leaves them out. */
  forbidden: z.array(target),
  /** How many of those the viewer may not be told of. */
  forbiddenHidden: z.int(),
  /** How many targets `to` has. */
  targets: z.int(),
});

export type RouteList = z.infer<typeof routeListSchema>;
export type RouteChanges = z.infer<typeof changesSchema>;
export type RouteHistory = z.infer<typeof routeHistorySchema>;
export type RouteDifference = z.infer<typeof routeDifferenceSchema>;
