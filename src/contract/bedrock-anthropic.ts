/** The body of InvokeModel in Anthropic's own format: Messages, without what Bedrock says in path and headers. */
import * as z from 'zod';
import { anthropicMessagesSchema, refusedAnthropicFields } from './anthropic-messages.ts';

const BEDROCK_ANTHROPIC_VERSION = 'bedrock-2023-05-31';

export const bedrockAnthropicSchema = anthropicMessagesSchema
  .omit({ model: true, stream: true, metadata: true, service_tier: true, speed: true })
  .extend({
    anthropic_version: z.literal(BEDROCK_ANTHROPIC_VERSION, `must be ${BEDROCK_ANTHROPIC_VERSION}`),
    anthropic_beta: z.array(z.string()).max(32).optional(),
  });

/** Fields of Anthropic's format that Bedrock's has elsewhere or not at all: refused by name, with the reason. */
export const refusedInvokeFields: Readonly<Record<string, string>> = {
  metadata: 'Bedrock takes no metadata in this format',
  model: 'the model is named in the path',
  service_tier: 'stands in the header X-Amzn-Bedrock-Service-Tier',
  speed: 'no target offers another',
  stream: 'the path says whether the answer is streamed',
};

export const refusedBedrockAnthropicFields: Readonly<Record<string, string>> = {
  ...refusedAnthropicFields,
  ...refusedInvokeFields,
};
