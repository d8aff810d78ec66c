/** Codes, headers and shapes of the gateway's own HTTP, as design promises them. Codes are snake_case, removal codes hyphenated. */
import * as z from 'zod';
import { unrecordedPlaceSchema } from './availability-changes.ts';
import { removalCodes } from './removal-codes.ts';

/** Every error code a caller can meet, with its status. */
export const gatewayErrorStatus = {
  invalid_request: 400,
  unknown_residency: 400,
  residency_required: 400,
  invalid_api_key: 401,
  principal_not_allowed: 403,
  operation_not_allowed: 403,
  residency_not_allowed: 403,
  model_not_allowed: 403,
  no_lawful_target: 403,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  operation_refused: 409,
  request_too_large: 413,
  wrong_gateway_region: 421,
  rate_limited: 429,
  capacity_exhausted: 429,
  budget_exhausted: 429,
  internal_error: 500,
  upstream_failed: 502,
  auth_unavailable: 503,
  not_ready: 503,
  deadline_exceeded: 504,
  stream_interrupted: 502,
} as const;

export type GatewayErrorCode = keyof typeof gatewayErrorStatus;

export const requestHeaders = {
  residency: 'x-spillway-residency',
  lane: 'x-spillway-lane',
  deadlineMs: 'x-spillway-deadline-ms',
  costUsdMax: 'x-spillway-max-cost-usd',
  resume: 'x-spillway-resume',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

export const responseHeaders = {
  requestId: 'x-spillway-request-id',
  model: 'x-spillway-model',
  target: 'x-spillway-target',
  region: 'x-spillway-region',
  reach: 'x-spillway-reach',
  scope: 'x-spillway-scope',
  tier: 'x-spillway-tier',
  residency: 'x-spillway-residency',
  attempts: 'x-spillway-attempts',
  asOf: 'x-spillway-as-of',
  maxTokens: 'x-spillway-max-tokens',
  tracestate: 'tracestate',
  shouldRetry: 'x-should-retry',
} as const;

const isoTime = z.string();

const hintSchema = z.object({
  who: z.enum(['nobody', 'account-owner', 'aws-support', 'wait']),
  text: z.string(),
});

const availabilityHead = {
  asOf: isoTime,
  stale: z.boolean(),
  /** The past moment that was asked for. Absent: it is as of now. */
  at: isoTime.optional(),
  /** With `at`: where nobody knows how it was then. */
  unrecorded: z.array(unrecordedPlaceSchema).optional(),
};

export const availabilitySchema = z.object({
  ...availabilityHead,
  targets: z.array(
    z.object({
      id: z.string(),
      account: z.string(),
      region: z.string(),
      model: z.string().optional(),
      modelId: z.string().optional(),
      endpoint: z.string().optional(),
      profileId: z.string().optional(),
      scope: z.string(),
      state: z.string(),
      reasons: z.array(z.string()),
      hint: hintSchema,
      reach: z.array(z.string()),
      since: isoTime,
      stale: z.boolean(),
    }),
  ),
});

/** The same with `?format=compact`: what targets have in common is said once, and `compact-availability.ts` reads it. */
export const compactAvailabilitySchema = z.object({
  ...availabilityHead,
  /** What targets are. `tail`: of the id, what follows on the account and the region. */
  names: z.array(
    z.object({
      tail: z.string(),
      model: z.string().optional(),
      modelId: z.string().optional(),
      endpoint: z.string().optional(),
      profileId: z.string().optional(),
      scope: z.string(),
    }),
  ),
  /** How they are. */
  conditions: z.array(
    z.object({ state: z.string(), reasons: z.array(z.string()), hint: hintSchema, stale: z.boolean() }),
  ),
  /** Where they run. */
  reaches: z.array(z.array(z.string())),
  /** Since when they are as they are. */
  times: z.array(isoTime),
  places: z.array(
    z.object({
      account: z.string(),
      region: z.string(),
      /** Four for each target: its places in `names`, `conditions`, `reaches` and `times`. */
      targets: z.array(z.int().min(0)),
    }),
  ),
});

export const explanationSchema = z.object({
  decision: z.enum(['routed', 'rejected']),
  code: z.string().optional(),
  residency: z.string(),
  from: z.string(),
  /** The gateway that answers, where it is another one than the one asked about: health and capacity are as known there. */
  seenFrom: z.string().optional(),
  plan: z.array(z.string()),
  /** Targets of the plan that were left out for long enough: the next request is a probe, and those after it go past. */
  probes: z.array(z.string()).optional(),
  removed: z.array(
    z.object({
      target: z.string(),
      by: z.string(),
      code: z.enum(removalCodes),
      /** What of the request it cannot do, by name. Only with `capability-missing`. */
      missing: z.array(z.string()).readonly().optional(),
      /** Only with `ejected`. */
      ejection: z
        .object({
          /** What is left out: the target, its whole region there, or the target for requests such as this one. */
          of: z.enum(['target', 'region', 'such-requests']),
          /** Whether the gateway's process that answers found out itself, or read of it. */
          foundBy: z.enum(['this-process', 'another-process']),
          /** `half-open`: a request of somebody else is the probe. `returning`: it takes a part of its requests. */
          phase: z.enum(['ejected', 'half-open', 'returning']),
          until: isoTime.optional(),
        })
        .optional(),
      /** Only with `no-capacity`. */
      pressure: z
        .object({
          /**
           * `quota`: its quota throttled and rests, or has no room for the request. `slots`: as many requests as it bears are
           * under way. `memory`: requests under way have reserved it, or the request is larger than what a copy holds (with
           * both numbers). `copies`: no copy is in service; it is being woken.
           */
          lacks: z.enum(['quota', 'slots', 'memory', 'copies']),
          /** Whether the quota throttled a request and rests; else it has no room for this one. Only of `quota`. */
          throttled: z.boolean().optional(),
          /** Until when nobody asks; of a quota without room, when it has some. */
          until: isoTime.optional(),
          /** What the request may take, and the most that there ever is. Only where it never fits. */
          neededTokens: z.int().optional(),
          heldTokens: z.int().optional(),
          /** How long the request would wait there for a slot before it goes on; 0: it goes on at once. */
          waitMsMax: z.int().optional(),
        })
        .optional(),
    }),
  ),
  scored: z.array(z.object({ target: z.string(), by: z.string(), scoreBps: z.int().min(0).max(10_000) })),
  /** Targets that are called without what they do not take: cache points, or the strictness of tools. */
  dropped: z
    .array(z.object({ target: z.string(), feature: z.enum(['prompt-caching', 'strict-tools']) }))
    .optional(),
  /** How Bedrock's targets of the plan are made to answer in JSON: by structured outputs, or by a tool. */
  jsonBy: z
    .array(
      z.object({
        target: z.string(),
        way: z.enum(['native', 'tool']),
        /** Why it is not the way that goes first. */
        because: z.enum(['native-closed', 'native-refused', 'schema-compiling', 'tool-closed']).optional(),
      }),
    )
    .optional(),
  route: z.object({
    model: z.string(),
    residency: z.string(),
    version: z.int(),
    source: z.enum(['table', 'last-good', 'baseline']),
  }),
  gateways: z.array(z.object({ region: z.string(), url: z.string() })).optional(),
  at: isoTime,
});

export type Availability = z.infer<typeof availabilitySchema>;
export type CompactAvailability = z.infer<typeof compactAvailabilitySchema>;
export type Explanation = z.infer<typeof explanationSchema>;
