/** What OpenAI's two chat formats share: names, labels, bounds, and why something of them is refused. */
import * as z from 'zod';

export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');
export const callId = z.string().min(1).max(256);
/** Says who or what a call is for, and changes no answer. */
export const label = z.string().max(512);
export const metadata = z.record(z.string(), z.string().max(512)).nullish();
export const jsonSchema = z.record(z.string(), z.unknown());

/** What a client's own parser puts beside an answer's text: given back, it says nothing new. */
export const echoed = z.unknown().optional();

const TOKENS_MAX = 100_000_000;

export const outputTokensMax = z.int().min(1).max(TOKENS_MAX).nullish();
export const temperature = z.number().min(0).max(2).nullish();
export const topP = z.number().min(0).max(1).nullish();
/** The prompt up to here may be kept by the provider, for as long as it does by itself. */
export const cacheBreakpoint = z
  .strictObject({
    mode: z.literal('explicit'),
    ttl: z.null('must be left out: providers keep a prompt for a time of their own').optional(),
  })
  .nullish();

/** Padding that hides the length of each delta. */
export const noObfuscation = z.literal(false, 'must be false or left out: nothing is obfuscated').optional();
export const imageDetail = z.enum(['auto', 'low', 'high']).nullish();
/** `auto` and `default` ask for nothing. The other two are tiers of Bedrock too. */
export const serviceTier = z
  .enum(
    ['auto', 'default', 'flex', 'priority'],
    'must be auto, default, flex or priority: the tiers that Bedrock has too',
  )
  .nullish();

/** Goes to the models that take an effort; those that take a budget of tokens do not know it. */
export const reasoningEffort = z
  .enum(
    ['low', 'medium', 'high', 'xhigh', 'max'],
    'must be low, medium, high, xhigh or max: no target takes another effort',
  )
  .nullish();

/** A file that is elsewhere: null where a client writes every member, refused otherwise. */
export const fileId = z
  .null('is not supported: Spillway keeps no files; give the file itself as base64 in file_data')
  .optional();
export const fileUrl = z
  .null('is not supported: a remote file is not fetched, since that would leave the residency')
  .optional();

export function refusedValue(reason: string) {
  return z.null(`is not supported: ${reason}`).optional();
}
