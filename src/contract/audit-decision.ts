/** A decision inside an audit record: what was asked and answered, by places in the record's list of candidates. */
import * as z from 'zod';
import { chatTemplateNames } from './config-parts.ts';
import { removalCodes } from './removal-codes.ts';

export const tierSchema = z.enum(['dedicated', 'serverless', 'baseline']);
export const scopeSchema = z.enum(['dedicated', 'in-region', 'geo', 'global']);

const COUNT_MAX = Number.MAX_SAFE_INTEGER;
const PLACES_MAX = 256;

export const recordedCountSchema = z.int().min(0).max(COUNT_MAX);
/** Milliseconds since 1970, or between two moments: clocks of a machine know parts of them. */
const milliseconds = z.number();
export const placeSchema = z.int().min(0).max(PLACES_MAX);
const places = z.array(placeSchema).optional();
/** Names of regions, models, targets and pools: of configuration, facts and discovery, never of a caller. */
export const recordedIdSchema = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be an id without spaces');
/** Words of the product's own closed lists. */
export const recordedWordSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,60}$/, 'must be a word of the product');
const there = z.literal(true).optional();

/** Records outlive the product that wrote them: what stood here once is never taken away. A test holds it against the product's own. */
export const recordedChatFeatures = [
  'tools',
  'tool-choice',
  'parallel-tools',
  'forbidden-tools',
  'strict-tools',
  'images',
  'documents',
  'videos',
  'system-prompts',
  'prompt-caching',
  'assistant-prefix',
  'native-json',
  'streaming',
  'streaming-tools',
] as const;

const missingAbilities = [
  ...recordedChatFeatures,
  'bedrock',
  'anthropic',
  'thought-budget',
  'thought-room',
  'effort',
  'input-modality',
  'text-answer',
  'json-answer',
  'service-tier',
  'prompt-words',
  'token-count',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'embedding',
  'dimensions',
  'normalize',
  'truncate',
] as const;

export const droppableSchema = z.enum(['prompt-caching', 'strict-tools']);
export const jsonWaySchema = z.enum(['native', 'tool']);
export const jsonWayReasonSchema = z.enum([
  'native-closed',
  'native-refused',
  'schema-compiling',
  'tool-closed',
]);

const chatNeedsSchema = z.strictObject({
  work: z.enum(['chat', 'count-tokens']),
  input: z.array(recordedIdSchema),
  features: z.array(z.enum(recordedChatFeatures)),
  inputTokensMin: recordedCountSchema.nullable(),
  thinkingTokens: z.number().optional(),
  forcedTool: z.enum(['any', 'named']).optional(),
  forcedJsonTool: z.enum(['any', 'named', 'sole']).optional(),
  brokenTemplates: z.array(z.enum(chatTemplateNames)).optional(),
  serviceTier: recordedIdSchema.optional(),
  sampling: z
    .array(z.enum(['seed', 'negative-seed', 'frequency-penalty', 'presence-penalty', 'logit-bias']))
    .optional(),
  tools: there,
  documents: there,
  reasoning: there,
  jsonSchema: there,
  barsJsonTool: there,
  schemaCompiles: there,
  streaming: there,
  bedrockOnly: there,
  effort: there,
  forbidsTools: there,
  anthropicOnly: there,
  guardrail: there,
  pricedOtherwise: there,
  anyJson: there,
  nativeJsonObstacle: there,
  jsonSchemaKey: there,
});

const embeddingNeedsSchema = z.strictObject({
  work: z.literal('embedding'),
  dimensions: z.number().optional(),
  normalize: z.boolean().optional(),
  truncates: z.boolean(),
  inputTokensMin: recordedCountSchema,
});

const limitsSchema = z.strictObject({
  maxTokens: z.number().optional(),
  outputTokensDefault: z.number().optional(),
  thoughtTokensMax: z.number().optional(),
  inputTokensCeiling: recordedCountSchema.optional(),
  costMicroUsdMax: z.number().optional(),
  contextTokensAbove: recordedCountSchema.optional(),
  remainingMs: milliseconds.optional(),
});

const healthSchema = z.strictObject({
  candidate: placeSchema,
  kind: z.enum(['healthy', 'ejected', 'half-open', 'returning']),
  since: milliseconds.optional(),
  until: milliseconds.optional(),
  probedAt: milliseconds.optional(),
  lastSuccessAt: milliseconds.optional(),
  typicalMs: milliseconds.optional(),
  pace: z.array(milliseconds).optional(),
});

const conditionsSchema = z.strictObject({
  health: z.array(healthSchema).optional(),
  regions: z.array(healthSchema).optional(),
  blamed: z.array(healthSchema).optional(),
  resting: z.array(z.tuple([recordedIdSchema, milliseconds])).optional(),
  inFlight: z.array(z.tuple([placeSchema, recordedCountSchema])).optional(),
  refused: z.array(z.tuple([placeSchema, z.enum(recordedChatFeatures)])).optional(),
  awake: places,
  compiling: places,
});

const failureClasses = [
  'quota',
  'unable',
  'targets-fault',
  'callers-fault',
  'no-capacity',
  'broken',
  'no-credentials',
] as const;

const questionSchema = z.strictObject({
  needs: z.union([chatNeedsSchema, embeddingNeedsSchema]),
  limits: limitsSchema,
  lawfulButUnusable: there,
  routeUnknown: there,
  tenantScopes: z.array(scopeSchema).optional(),
  retentionForbidden: z.array(recordedIdSchema).optional(),
  disabled: places,
  tried: places,
  unasked: places,
  full: places,
  neverFits: places,
  heard: z
    .array(
      z.strictObject({
        candidate: placeSchema,
        class: z.enum(failureClasses),
        retryAt: milliseconds.optional(),
      }),
    )
    .optional(),
  admissionAsks: there,
  serverlessSlots: recordedCountSchema.optional(),
  troubledRegions: z.array(recordedIdSchema).optional(),
  lastServedBy: placeSchema.optional(),
  conditions: conditionsSchema,
});

const outcomes = [
  'routed',
  'no_lawful_target',
  'not_ready',
  'model_not_allowed',
  'invalid_request',
  'budget_exhausted',
  'capacity_exhausted',
  'request_too_large',
  'deadline_exceeded',
  'upstream_failed',
] as const;

const answerSchema = z.strictObject({
  outcome: z.enum(outcomes),
  retryAt: milliseconds.optional(),
  slotSoon: there,
  plan: places,
  wakeUps: places,
  removed: z
    .array(
      z.strictObject({
        candidate: placeSchema,
        by: recordedWordSchema,
        code: z.enum(removalCodes),
        missing: z.array(z.enum(missingAbilities)).optional(),
      }),
    )
    .optional(),
  scoresBps: z.array(z.array(recordedCountSchema)).optional(),
  dropped: z.array(z.tuple([placeSchema, droppableSchema])).optional(),
  jsonBy: z
    .array(
      z.union([
        z.tuple([placeSchema, jsonWaySchema]),
        z.tuple([placeSchema, jsonWaySchema, jsonWayReasonSchema]),
      ]),
    )
    .optional(),
});

export const recordedDecisionSchema = z.strictObject({
  at: milliseconds,
  asked: questionSchema,
  answer: answerSchema,
});
