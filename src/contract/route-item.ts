/** The routing table's item: a public contract that other gateways read. Checked on every read. */
import * as z from 'zod';
import { chatTemplateNames } from './config-parts.ts';

const isoTime = z.iso.datetime({ offset: false });
const count = z.int().min(0);

const capabilitiesSchema = z.object({
  input: z.array(z.string()).optional(),
  output: z.array(z.string()).optional(),
  streaming: z.boolean().optional(),
  tools: z.boolean().optional(),
  streamedTools: z.boolean().optional(),
  parallelTools: z.boolean().optional(),
  toolChoiceAny: z.boolean().optional(),
  toolChoiceNamed: z.boolean().optional(),
  jsonSchema: z.boolean().optional(),
  documents: z.boolean().optional(),
  systemPrompts: z.boolean().optional(),
  serviceTiers: z.array(z.string()).optional(),
  reasoning: z.array(z.string()).optional(),
});

const pricingSchema = z.object({
  inputMicroUsdPerMillionTokens: count.nullable(),
  outputMicroUsdPerMillionTokens: count.nullable(),
  cacheReadMicroUsdPerMillionTokens: count.nullable().optional(),
  cacheWriteMicroUsdPerMillionTokens: count.nullable().optional(),
});

export const targetStates = [
  'available',
  'legacy',
  'warm',
  'profile-only',
  'not-authorized',
  'not-entitled',
  'no-agreement',
  'not-offered',
  'quota-zero',
  'denied',
  'warming',
  'cold',
  'unknown',
] as const;

export const targetSchema = z.object({
  id: z.string().min(1),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  kind: z.enum(['bedrock', 'sagemaker']),
  scope: z.enum(['dedicated', 'in-region', 'geo', 'global']),
  modelId: z.string().min(1),
  profileId: z.string().min(1).optional(),
  endpoint: z.string().min(1).optional(),
  component: z.string().min(1).optional(),
  position: count,
  reach: z.array(z.string().min(1)).min(1),
  state: z.enum(targetStates),
  lifecycle: z.string(),
  endOfLifeTime: isoTime.optional(),
  contextTokensMax: z.int().min(1).nullable(),
  outputTokensMax: z.int().min(1).nullable(),
  capabilities: capabilitiesSchema,
  pricing: pricingSchema.nullable(),
  quotaPool: z.string().min(1),
  container: z.object({ api: z.literal('tgi'), chatTemplate: z.enum(chatTemplateNames) }).optional(),
  share: z.record(z.string(), count).optional(),
  copies: z.int().min(1).optional(),
  kvTokens: z.record(z.string(), count).optional(),
  kvTokensPerRequest: count.optional(),
  quotaTokensPerMinute: z.int().min(1).optional(),
});

/** A reader refuses a schema it does not know: a newer shape could mean something else. */
export const routeItemSchema = z.object({
  model: z.string().min(1),
  residency: z.string().min(1),
  version: z.int().min(1),
  schema: z.literal(1),
  targets: z.array(targetSchema).max(128),
  baseline: z.array(targetSchema),
  dropped: count,
  unusable: z.boolean().optional(),
  publishedAt: isoTime,
  reason: z.string(),
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
});

export type RouteItem = z.infer<typeof routeItemSchema>;
