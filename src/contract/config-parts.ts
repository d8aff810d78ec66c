/** The parts of spillway.config: names and places first, then accounts, residencies, models and tenants. */
import * as z from 'zod';
import { principalSchema } from './callers.ts';
import { amount, instanceType, text, whole } from './config-values.ts';
import { deploySchema } from './dedicated-deployment.ts';
import { engineSchema } from './engine.ts';
import { guardrailSchema } from './guardrails.ts';
import { laneSchema } from './lanes.ts';
import { modelSloSchema } from './slo.ts';
import { tokenTrustSchema } from './token-trust.ts';

/** Names of deployments, accounts, residencies, models and tenants: parts of table keys, metrics and headers. */
const NAME = /^[a-z][a-z0-9-]{0,40}$/;
const ACCOUNT = /^[0-9]{12}$/;
const GATEWAY_URL = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9._~-]+)*$/i;
const REGION = /^[a-z]{2,5}(-[a-z]{2,5})?-[a-z]{4,10}-[0-9]{1,2}$/;
const JURISDICTION = /^[A-Z]{2,10}$/;
const MODEL_ID = /^[a-z0-9][A-Za-z0-9._:-]{0,139}$/;
/** SageMaker's own rule for names of endpoints and inference components. */
const ENDPOINT = /^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$/;
/** Visible ASCII: what an Authorization header can carry. */
const KEY = /^[\x21-\x7e]{4,256}$/;
const KEY_HASH = /^[0-9a-f]{64}$/;

const RATE_MAX = 1_000_000_000;

const yesOrNo = () => z.boolean('must be true or false');

export const nameSchema = text(
  NAME,
  'a lower-case letter and up to 40 more of a-z, 0-9 and -, such as "prod-eu"',
);
export const accountIdSchema = text(
  ACCOUNT,
  'an AWS account id of 12 digits in quotes, such as "111111111111"',
);
export const regionSchema = text(REGION, 'a region code such as "eu-central-1"');
const modelIdSchema = text(MODEL_ID, 'a Bedrock model id such as "amazon.nova-lite-v1:0"');
const endpointSchema = text(ENDPOINT, 'a SageMaker name: letters, digits and inner hyphens, at most 63');

/** Of a gateway, as callers reach it; paths of its API are appended. */
export const gatewayUrlSchema = text(
  GATEWAY_URL,
  'an https URL that ends in no slash, such as "https://eu.llm.example.com"',
);

/** A list that must hold something, with a sentence for the case that it does not. */
const someOf = <Item extends z.ZodType>(item: Item, expected: string) =>
  z.array(item, expected).min(1, expected);

const quotaSchema = z.strictObject({
  model: modelIdSchema.describe('The Bedrock model id.'),
  scope: z
    .enum(['on-demand', 'geo', 'global'], 'must be "on-demand", "geo" or "global"')
    .describe(
      'What the quota is counted over: the plain model id, geographic profiles, or `global.` profiles.',
    ),
  regions: z
    .array(regionSchema, 'must list at least one region')
    .min(1, 'must list at least one region')
    .optional()
    .describe('Source regions in which it holds, in each for itself. @default - all regions of the account'),
  tokensPerMinute: whole(1, RATE_MAX).describe('Tokens a minute, over all gateways.'),
});

export const accountSchema = z.strictObject({
  id: accountIdSchema.describe('The AWS account.'),
  name: nameSchema.optional().describe('What people call the account. @default - its id'),
  regions: someOf(regionSchema, 'must list at least one region').describe(
    'Regions in which models of this account are discovered and used. A region belongs to the first account that lists it.',
  ),
  traffic: yesOrNo()
    .default(false)
    .describe('Let this account serve regions that an account before it lists as well.'),
  quotas: z
    .array(quotaSchema)
    .optional()
    .describe(
      'Tokens a minute that Spillway may take of single models: see docs/guides/capacity.md. Where Service Quotas tells less, that counts. @default - what Service Quotas tells',
    ),
  guardrails: z
    .array(guardrailSchema(regionSchema))
    .optional()
    .describe(
      'Guardrails of the account that calls may name: without, gateways may not apply them. See docs/guides/deploy.md. @default - none',
    ),
});

const retentionClassSchema = z.enum(
  ['none', 'provider-data-share'],
  'must be "none" or "provider-data-share"',
);

export const residencySchema = z
  .strictObject({
    jurisdictions: z
      .union([z.literal('any'), z.array(text(JURISDICTION, 'a code such as "EU", "US" or "JP"'))])
      .optional()
      .describe(
        'Jurisdictions that a prompt may touch, by the group codes of data/regions.json, or "any" for no bound. @default - only `regions` count',
      ),
    regions: z
      .array(regionSchema)
      .optional()
      .describe('Regions that a prompt may touch besides those. @default - only `jurisdictions` count'),
    retention: retentionClassSchema
      .default('none')
      .describe(
        'The most that a provider may keep: nothing, or what models that demand provider data sharing keep.',
      ),
  })
  .refine(
    (spec) =>
      spec.jurisdictions === 'any' || (spec.jurisdictions?.length ?? 0) + (spec.regions?.length ?? 0) > 0,
    'must name at least one jurisdiction or region, or say jurisdictions: "any"',
  );

export const deadlinesSchema = z.strictObject({
  connectMs: whole(1, 60_000).default(1000).describe('Until the connection to a target stands.'),
  firstContentMs: whole(1, 900_000)
    .default(10_000)
    .describe('Until the first content of a serverless target.'),
  dedicatedFirstContentMs: whole(1, 900_000)
    .default(5000)
    .describe('Until the first content of a dedicated target.'),
  betweenTokensMs: whole(1, 900_000).default(15_000).describe('Between two pieces of a stream.'),
  totalMs: whole(1, 900_000).default(300_000).describe('For the whole request, all attempts together.'),
});

const modelDeadlinesSchema = z.strictObject({
  connectMs: whole(1, 60_000).optional().describe('As in `deadlines`. @default - `deadlines.connectMs`'),
  firstContentMs: whole(1, 900_000)
    .optional()
    .describe('As in `deadlines`. @default - `deadlines.firstContentMs`'),
  dedicatedFirstContentMs: whole(1, 900_000)
    .optional()
    .describe('As in `deadlines`. @default - `deadlines.dedicatedFirstContentMs`'),
  betweenTokensMs: whole(1, 900_000)
    .optional()
    .describe('As in `deadlines`. @default - `deadlines.betweenTokensMs`'),
  totalMs: whole(1, 900_000).optional().describe('As in `deadlines`. @default - `deadlines.totalMs`'),
});

const modelCandidateSchema = z
  .union([
    modelIdSchema,
    z.strictObject({
      id: modelIdSchema.describe('The Bedrock model id, never a profile id: profiles are discovered.'),
      retention: retentionClassSchema
        .optional()
        .describe(
          'What the provider keeps of a prompt. @default - what the facts say of the model, else "none"',
        ),
    }),
  ])
  .transform((candidate) => (typeof candidate === 'string' ? { id: candidate } : candidate));

const capabilitiesSchema = z.strictObject({
  input: z.array(z.string()).optional().describe('Input modalities, such as "TEXT". @default - unknown'),
  output: z.array(z.string()).optional().describe('Output modalities, such as "TEXT". @default - unknown'),
  streaming: yesOrNo().optional().describe('Can stream. @default - unknown'),
  tools: yesOrNo().optional().describe('Can call tools. @default - unknown'),
  streamedTools: yesOrNo()
    .optional()
    .describe(
      'Streams answers that have tools to call; one that cannot is called plainly. @default - unknown',
    ),
  parallelTools: yesOrNo()
    .optional()
    .describe('Takes turns that call several tools at once. @default - unknown'),
  toolChoiceAny: yesOrNo().optional().describe('Can be made to call some tool. @default - unknown'),
  toolChoiceNamed: yesOrNo().optional().describe('Can be made to call one tool by name. @default - unknown'),
  jsonSchema: yesOrNo().optional().describe('Can answer in a given JSON schema. @default - unknown'),
  systemPrompts: yesOrNo().optional().describe('Takes system messages. @default - unknown'),
});

const TOKENS_MAX = 100_000_000;

export const chatTemplateNames = ['chatml', 'llama-3', 'mistral-v1', 'mistral-v3'] as const;

const TEMPLATE_RULE = `must be one of ${chatTemplateNames.map((name) => `"${name}"`).join(', ')}`;

const dedicatedSchema = z.strictObject({
  account: accountIdSchema.describe('The account that owns the endpoint.'),
  region: regionSchema.describe('The region of the endpoint.'),
  endpoint: endpointSchema.describe('The SageMaker endpoint.'),
  component: endpointSchema.optional().describe('The inference component. @default - the endpoint has none'),
  api: z
    .enum(['openai', 'tgi'], 'must be "openai" or "tgi"')
    .default('openai')
    .describe(
      'What the container speaks: OpenAI’s formats (vLLM, SGLang, TGI’s messages API), or TGI’s own `inputs`, which takes one text: see docs/guides/tgi.md.',
    ),
  chatTemplate: z
    .enum(chatTemplateNames, TEMPLATE_RULE)
    .optional()
    .describe('With `api: "tgi"`, and needed then: how a conversation becomes one text. @default - none'),
  servedModel: z
    .string('must be the name that the container serves')
    .min(1, 'must be the name that the container serves')
    .optional()
    .describe('The model name that the container expects. @default - the endpoint’s name'),
  contextTokensMax: whole(1, TOKENS_MAX)
    .optional()
    .describe('Longest context, in tokens. @default - unknown'),
  outputTokensMax: whole(1, TOKENS_MAX).optional().describe('Longest answer, in tokens. @default - unknown'),
  capabilities: capabilitiesSchema.prefault({}).describe('What it can do; unknown is tried and learned.'),
  copies: whole(0, 10_000).default(1).describe('Copies that are meant to run.'),
  concurrencyPerCopy: whole(1, 100_000).default(8).describe('Requests that one copy serves at a time.'),
  shares: z
    .record(regionSchema, amount(0, 1))
    .optional()
    .describe(
      'By gateway region, its share of what the endpoint bears: together 1 at most. Those that are not named have the rest. @default - by jurisdiction: see docs/guides/capacity.md',
    ),
  engine: engineSchema
    .optional()
    .describe(
      'What keeps the conversations in memory: a model of data/engines.json with its `instanceType`, or a description. Then a copy takes no more of them than fit: see docs/guides/capacity.md. @default - only requests are limited',
    ),
  instanceType: instanceType('ml.g6e.2xlarge').optional().describe('What a copy runs on. @default - unknown'),
  gpusPerCopy: whole(1, 1_024)
    .optional()
    .describe('GPUs that a copy has of its instance. @default - all of them'),
  kvTokensPerCopy: whole(16, TOKENS_MAX)
    .optional()
    .describe(
      'Instead of `engine`: tokens of KV cache of one copy, as the engine says when it starts. @default - reckoned from `engine`',
    ),
  deploy: deploySchema
    .optional()
    .describe(
      'How Spillway deploys the endpoint: see docs/guides/dedicated-endpoints.md. @default - it exists already',
    ),
});

const baselineEntrySchema = z
  .union([
    regionSchema,
    z.strictObject({
      region: regionSchema.describe('The source region.'),
      account: accountIdSchema
        .optional()
        .describe('Who is called. @default - the first account that lists the region'),
      id: modelIdSchema
        .optional()
        .describe('A model or profile id. @default - resolved from the facts inside the residency'),
    }),
  ])
  .transform((entry) => (typeof entry === 'string' ? { region: entry } : entry));

export const modelSchema = z.strictObject({
  kind: z
    .enum(['chat', 'embedding'], 'must be "chat" or "embedding"')
    .default('chat')
    .describe('What it answers.'),
  candidates: z
    .array(modelCandidateSchema)
    .default([])
    .describe('Bedrock models in order of preference: ids, or objects with an id.'),
  dedicated: z.array(dedicatedSchema).default([]).describe('SageMaker endpoints in order of preference.'),
  baseline: z
    .record(nameSchema, z.array(baselineEntrySchema))
    .default({})
    .describe('By residency, the verified last resort: regions, or objects with a region.'),
  deadlines: modelDeadlinesSchema.prefault({}).describe('Where this model differs from `deadlines`.'),
  slo: modelSloSchema.optional().describe('Where this model differs from `slo`. @default - nowhere'),
  outputTokensDefault: whole(1, TOKENS_MAX)
    .optional()
    .describe('Longest answer where the caller sets none, in tokens. @default - the target’s own limit'),
});

const rateLimits = {
  requestsPerMinute: whole(1, RATE_MAX)
    .optional()
    .describe('Requests a minute, over all gateways. @default - unlimited'),
  tokensPerMinute: whole(1, RATE_MAX)
    .optional()
    .describe(
      'Tokens read and written a minute, over all gateways. A call takes its estimated input and its longest answer when it starts; what it did not use comes back. @default - unlimited',
    ),
};

const tenantLimitsSchema = z.strictObject({
  ...rateLimits,
  models: z
    .record(nameSchema, z.strictObject(rateLimits))
    .optional()
    .describe('The same for single models, beside the limits of all models together. @default - none'),
});

export const tenantSchema = z.strictObject({
  keys: z
    .array(text(KEY, 'a key of 4 to 256 visible ASCII characters'))
    .default([])
    .describe('API keys, read by local mode only; never deployed.'),
  keyHashes: z
    .array(text(KEY_HASH, 'a SHA-256 in 64 lower-case hex digits'))
    .default([])
    .describe(
      'SHA-256 of API keys that the deployed gateways accept: the key itself stands nowhere. Make one with `printf %s "$KEY" | sha256sum`; use long random keys.',
    ),
  tokens: z
    .array(tokenTrustSchema)
    .optional()
    .describe('Issuers whose tokens (JWT) open the tenant: see docs/guides/keys.md. @default - none'),
  principals: z
    .array(principalSchema)
    .optional()
    .describe(
      'IAM roles and users that are the tenant, where the front door’s authorization is "iam": see docs/guides/keys.md. @default - none',
    ),
  residencies: someOf(nameSchema, 'must name at least one residency').describe(
    'Residencies that the tenant may ask for.',
  ),
  defaultResidency: nameSchema
    .optional()
    .describe(
      'Residency of a request that names none. @default - such a request is refused (residency_required)',
    ),
  models: z
    .array(z.union([z.literal('*'), nameSchema]))
    .default(['*'])
    .describe('Models that the tenant may ask for; "*" is all.'),
  lanes: z
    .array(laneSchema, 'must name at least one lane')
    .min(1, 'must name at least one lane')
    .optional()
    .describe(
      'Lanes that the tenant may ask for with `x-spillway-lane`: see docs/guides/lanes.md. @default - every lane',
    ),
  lane: laneSchema
    .optional()
    .describe('Lane of a request that names none. @default - the highest of `lanes`'),
  limits: tenantLimitsSchema
    .optional()
    .describe(
      'How much the tenant may ask for: see docs/guides/limits.md. Each gateway enforces an even share. @default - unlimited',
    ),
});

export const guardSchema = z.strictObject({
  vanishShareMax: amount(0, 1)
    .default(0.3)
    .describe('Largest share of a route’s targets that may vanish in one run without evidence.'),
  ageSecondsMax: whole(1, 86_400).default(900).describe('Observations older than this publish no change.'),
});

export const discoverySchema = z.strictObject({
  everySeconds: whole(1, 86_400).default(60).describe('How often each account and region is observed.'),
  tracked: z
    .array(modelIdSchema)
    .default([])
    .describe('Models whose access is checked besides all candidates.'),
  applicationProfiles: yesOrNo()
    .default(false)
    .describe('Discover APPLICATION inference profiles too; they carry another team’s cost tag.'),
  ratePerSecond: amount(0.1, 1000)
    .default(5)
    .describe(
      'Calls a second to one account and region; the pages of Service Quotas have the same pace of their own.',
    ),
});

export const verifySchema = z.strictObject({
  enabled: yesOrNo().default(true).describe('Prove newly available targets with a call of one token.'),
  costUsdPerDayMax: amount(0, 10_000).default(1).describe('What the proofs of one day may cost, in USD.'),
});

export const metricsSchema = z.strictObject({
  budgetUsdPerMonth: amount(0, 1_000_000)
    .default(200)
    .describe('What custom metrics may cost a month, in USD; loading warns when they could cost more.'),
});

export const batchesSchema = z.strictObject({
  enabled: yesOrNo()
    .default(true)
    .describe('Whether gateways take files and batches (`/v1/files`, `/v1/batches`).'),
  retentionDays: whole(3, 30)
    .default(30)
    .describe(
      'Days within which files of batches, their prompts and their answers, are deleted: they can be fetched for a day less.',
    ),
  dispatchersMax: whole(2, 1000)
    .default(10)
    .describe('Dispatchers of one model that run at a time in a gateway region.'),
  linesInFlight: whole(1, 64).default(16).describe('Calls that one dispatcher has under way at a time.'),
});
