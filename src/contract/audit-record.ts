/**
 * One record of the audit trail: one request of a tenant, with every decision that was made for it and every target that
 * was asked. A public contract: records outlive the version that wrote them, and are checked on every read.
 *
 * Nothing that a caller wrote is in it: ids, names of the configuration, words of closed lists, and numbers.
 */
import * as z from 'zod';
import {
  droppableSchema,
  jsonWayReasonSchema,
  jsonWaySchema,
  placeSchema,
  recordedCountSchema,
  recordedDecisionSchema,
  recordedIdSchema,
  recordedWordSchema,
  scopeSchema,
  tierSchema,
} from './audit-decision.ts';
import { AUDIT_RECORD_SCHEMA, AUDIT_RECORD_SCHEMA_FIRST, DECISIONS_KEPT_MAX } from './audit-limits.ts';

const isoTime = z.iso.datetime({ offset: false });
const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));
/** As the table says it, which may be anything; `*` is everywhere. */
const region = recordedIdSchema;
const reach = z.array(region);

const callerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), keyId: recordedIdSchema }),
  z.strictObject({ kind: z.literal('configured-key'), hashStart: hex(12) }),
  z.strictObject({
    kind: z.literal('token'),
    issuer: recordedIdSchema,
    subjectMark: recordedIdSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('principal'), arn: recordedIdSchema }),
  /** The product asked for the tenant by itself: a line of a batch. */
  z.strictObject({ kind: z.literal('batch') }),
]);

/** What a decision was made with, so that it can be made again. */
const versionsSchema = z.strictObject({
  /** Of the product. */
  code: recordedIdSchema,
  /** SHA-256 of the RFC 8785 form of the configuration, and of the facts. */
  config: hex(64),
  facts: hex(64),
  /** Undefined where the request was refused before a route was looked for. */
  route: z
    .strictObject({
      version: recordedCountSchema,
      source: z.enum(['table', 'last-good', 'baseline']),
      /** As it was published. Absent where only the compiled baseline was known. */
      checksum: hex(64).optional(),
    })
    .optional(),
});

/** Whom a prompt was sent to, with all that a judgement of its reach asks. */
const recordedTargetSchema = z.strictObject({
  target: recordedIdSchema,
  account: z.string().regex(/^\d{12}$/),
  region,
  kind: z.enum(['bedrock', 'sagemaker']),
  scope: scopeSchema,
  tier: tierSchema,
  modelId: recordedIdSchema,
  profileId: recordedIdSchema.optional(),
  /** What the table said. */
  statedReach: reach,
  /** As it was judged, over the table and the facts together. */
  reach,
});

const attemptSchema = recordedTargetSchema.extend({
  at: isoTime,
  durationMs: z.number().min(0),
  /** `answered`, `cancelled`, or how it failed. */
  outcome: recordedWordSchema,
  maxTokens: recordedCountSchema,
  dropped: z.array(droppableSchema).optional(),
  jsonWay: jsonWaySchema.optional(),
  jsonWayReason: jsonWayReasonSchema.optional(),
});

const usageSchema = z.strictObject({
  inputTokens: z.number().min(0),
  outputTokens: z.number().min(0),
  cacheReadInputTokens: z.number().min(0).optional(),
  cacheWriteInputTokens: z.number().min(0).optional(),
  /** The target told no counts: these are estimates. */
  estimated: z.literal(true).optional(),
  /** Digits: in JSON a large one would be rounded. Absent where a price is unknown. */
  costPicoUsd: z
    .string()
    .regex(/^\d{1,30}$/)
    .optional(),
});

/**
 * An operator's word that was in force at a decision. Who gave the order and why stands in the operators' audit under the
 * order's id, and not here: nothing can be deleted from the trail.
 */
const overrideSchema = z.strictObject({
  kind: z.literal('disable'),
  candidate: placeSchema,
  /** Whose control item says it. */
  region,
  /** Absent where an older version of the product wrote the word, as `orderId` is. */
  since: isoTime.optional(),
  until: isoTime,
  orderId: recordedIdSchema.optional(),
});

export const auditRecordSchema = z.strictObject({
  schema: z.union([z.literal(AUDIT_RECORD_SCHEMA_FIRST), z.literal(AUDIT_RECORD_SCHEMA)]),
  /** `call`: a request. `pre-warm`: the product woke what a chain will need, without a word of the caller's. */
  kind: z.enum(['call', 'pre-warm']),
  /** The request's id; a pre-warm's has the model after it. */
  id: recordedIdSchema,
  requestId: recordedIdSchema,
  /** When the request came. */
  at: isoTime,
  endedAt: isoTime,
  /** Of W3C trace context: the caller's, or the one that targets were sent. Absent where the request was turned away. */
  traceId: hex(32).optional(),
  tenant: recordedIdSchema,
  caller: callerSchema.optional(),
  /** Of the gateway that decided. */
  region,
  account: z.string().regex(/^\d{12}$/),
  /** The residency that bound the request; empty where none did. */
  residency: z.string().max(64),
  /** The one that its header named. Absent: the tenant's default was taken, or no such one is configured. */
  residencyAsked: recordedIdSchema.optional(),
  /** What the residency allowed then. Absent where none bound the request. */
  allowed: z.union([z.literal('any'), z.array(region)]).optional(),
  /** A model of the configuration. Absent where the request was refused before it was known to name one. */
  model: recordedIdSchema.optional(),
  work: z.enum(['chat', 'embedding', 'count-tokens']).optional(),
  streamed: z.boolean().optional(),
  lane: z.enum(['interactive', 'standard', 'bulk']).optional(),
  versions: versionsSchema,
  /** In the order of the roster: the route's by id, then the baseline's. */
  candidates: z.array(z.strictObject({ target: recordedIdSchema, tier: tierSchema })).max(256),
  /** In the order of each row of scores. */
  scorers: z.array(recordedWordSchema),
  decisions: z.array(recordedDecisionSchema).max(DECISIONS_KEPT_MAX),
  /** How many there were. */
  decisionsMade: recordedCountSchema,
  /** For each candidate that operators had switched off at a decision: the word that ends last. */
  overrides: z.array(overrideSchema).optional(),
  attempts: z.array(attemptSchema),
  /** Sleeping targets that may have been woken, and with whose words. */
  woken: z.array(recordedTargetSchema.extend({ words: z.enum(['callers', 'own']) })).optional(),
  /** `answered`, `resumed`, `cancelled`, `pre-warmed`, or the code of the refusal. */
  outcome: recordedWordSchema,
  /** Place of the candidate that answered. */
  answeredBy: placeSchema.optional(),
  usage: usageSchema.optional(),
});

type Unchanging<Value> = Value extends object
  ? { readonly [Member in keyof Value]: Unchanging<Value[Member]> }
  : Value;

export type DecisionRecord = Unchanging<z.infer<typeof auditRecordSchema>>;
