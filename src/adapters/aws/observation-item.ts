/**
 * How a region's observations are stored: one item whose `body` is gzipped JSON, because 200 targets as plain
 * attributes would cost fifty write units a change, and grow towards DynamoDB's 400 KB.
 *
 *     accountRegion  item       at  schema  body (bytes)  failures  completeAt  quotas  historyFrom  latest (bytes)
 *     accountRegion  heartbeat  at                        failures  completeAt
 *
 * Members that follow from the item's keys, or are the usual case, are left out of the body.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { targetStates } from '#contract/route-item.ts';
import type { KeptChanges, Observation, RegionObservations } from '#core/discovery/observation.ts';
import { targetId } from '#core/target.ts';

export const observationSchemaVersion = 1;

export const storedObservation = z.object({
  kind: z.enum(['bedrock', 'sagemaker']).default('bedrock'),
  scope: z.enum(['dedicated', 'in-region', 'geo', 'global']).default('in-region'),
  modelId: z.string().min(1),
  profileId: z.string().min(1).optional(),
  endpoint: z.string().min(1).optional(),
  component: z.string().min(1).optional(),
  state: z.enum(targetStates),
  reasons: z.array(z.string()).default([]),
  /** Absent: the item's own region. */
  reach: z.array(z.string().min(1)).optional(),
  lifecycle: z.string(),
  endOfLifeTime: z.string().optional(),
  inputModalities: z.array(z.string()).optional(),
  outputModalities: z.array(z.string()).optional(),
  streaming: z.boolean().optional(),
  copies: z.int().min(0).optional(),
  quotaTokensPerMinute: z.int().min(1).optional(),
  since: z.number(),
  /** Only of stale targets: the others were seen when the last run ended. */
  observedAt: z.number().optional(),
  stale: z.boolean().default(false),
  absentLists: z.int().min(0).default(0),
  goneEvidence: z
    .enum([
      'availability-not-available',
      'end-of-life-passed',
      'data-path-refused',
      'three-lists',
      'operator',
    ])
    .optional(),
});

const storedBody = z.array(storedObservation);

const storedPool = z.enum(['on-demand', 'cross-region', 'global']);

/** Absent from items that were written before quotas were asked for: then they are due. */
const storedQuotas = z.object({
  askedAt: z.number(),
  answeredAt: z.number().optional(),
  zero: z.array(
    z.object({
      pool: storedPool,
      modelId: z.string().min(1),
      reasons: z.array(z.string()),
    }),
  ),
  /** Absent from items that were written before these were kept. */
  tokens: z
    .array(z.object({ pool: storedPool, modelId: z.string().min(1), tokensPerMinute: z.int().min(1) }))
    .optional(),
});

export const storedReport = z.object({
  schema: z.literal(observationSchemaVersion),
  at: z.number(),
  failures: z.array(z.string()),
  completeAt: z.number().optional(),
  quotas: storedQuotas.optional(),
  /** Absent from items of versions that did not note all that moved. */
  historyFrom: z.number().optional(),
  /** Changes as `change-item.ts` packs them. */
  latest: z.instanceof(Uint8Array).optional(),
  body: z.instanceof(Uint8Array),
});

export const storedHeartbeat = z.object({
  at: z.number(),
  failures: z.array(z.string()),
  completeAt: z.number().optional(),
});

interface Place {
  readonly account: string;
  readonly region: string;
}

export type StoredReport = z.infer<typeof storedReport>;
export type StoredHeartbeat = z.infer<typeof storedHeartbeat>;

/** A body bigger than this when unpacked is not ours: 400 KB of gzip could hold gigabytes. */
const BODY_BYTES_MAX = 4_000_000;

export function packTargets(targets: readonly Observation[]): Uint8Array {
  return gzipSync(JSON.stringify(targets.map(packTarget)));
}

/** As JSON, without what follows from where it stands. */
export function packTarget(each: Observation): object {
  const {
    id: _id,
    account: _account,
    region,
    kind,
    scope,
    reach,
    reasons,
    stale,
    observedAt,
    ...rest
  } = each;
  const ownReach = reach.length === 1 && reach[0] === region;
  return {
    ...rest,
    kind: kind === 'bedrock' ? undefined : kind,
    scope: scope === 'in-region' ? undefined : scope,
    reasons: reasons.length === 0 ? undefined : reasons,
    reach: ownReach ? undefined : reach,
    stale: stale ? true : undefined,
    observedAt: stale ? observedAt : undefined,
    absentLists: each.absentLists === 0 ? undefined : each.absentLists,
  };
}

/**
 * The targets of a body.
 *
 * @throws an error of zlib, JSON or zod for a body that is none of ours
 */
export function unpackTargets(body: Uint8Array, place: Place): readonly Observation[] {
  const shared = createSharing();
  return storedBody.parse(unzipped(body)).map((each) => unpackTarget(each, place, shared));
}

/** The JSON of a body. @throws an error of zlib or JSON for one that is none of ours, or too large */
export function unzipped(body: Uint8Array): unknown {
  return JSON.parse(gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX }).toString('utf8'));
}

export function unpackTarget(
  { reach, observedAt, ...rest }: z.infer<typeof storedObservation>,
  { account, region }: Place,
  shared = (list: readonly string[]): readonly string[] => list,
): Observation {
  return {
    ...rest,
    id: targetId({ account, region, ...rest }),
    account,
    region,
    reasons: shared(rest.reasons),
    reach: shared(reach ?? [region]),
    ...(rest.inputModalities === undefined ? {} : { inputModalities: shared(rest.inputModalities) }),
    ...(rest.outputModalities === undefined ? {} : { outputModalities: shared(rest.outputModalities) }),
    observedAt: observedAt ?? rest.since,
  };
}

/** Equal lists become one list: hundreds of regions repeat the same few modalities and reaches. */
function createSharing(): (list: readonly string[]) => readonly string[] {
  const seen = new Map<string, readonly string[]>();
  return (list) => {
    const key = list.join('\n');
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, list);
    return list;
  };
}

/** What stands: the report, with what later runs that changed nothing said of themselves. */
export function mergeReport(options: {
  readonly account: string;
  readonly region: string;
  readonly targets: readonly Observation[];
  readonly report: Pick<StoredReport, 'at' | 'failures' | 'completeAt' | 'quotas'>;
  readonly heartbeat: StoredHeartbeat | undefined;
  readonly history: KeptChanges | undefined;
}): RegionObservations {
  const { account, region, report, heartbeat, history } = options;
  const last = heartbeat !== undefined && heartbeat.at >= report.at ? heartbeat : report;
  const completeAt = last.completeAt ?? report.completeAt;
  return {
    account,
    region,
    targets: options.targets.map((each) => (each.stale ? each : { ...each, observedAt: last.at })),
    at: last.at,
    failures: last.failures,
    ...(completeAt === undefined ? {} : { completeAt }),
    ...(report.quotas === undefined ? {} : { quotas: report.quotas }),
    ...(history === undefined ? {} : { history }),
  };
}
