/** The body of POST /v1/chat/completions: strict, so that nothing a caller sends is silently ignored. */
import * as z from 'zod';

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string(), detail: z.enum(['auto', 'low', 'high']).optional() }),
});
const text = z.union([z.string(), z.array(textPart)]);
const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');
const label = z.string().max(512);

const toolCall = z.strictObject({
  id: z.string().min(1).max(256),
  type: z.literal('function'),
  function: z.strictObject({ name, arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: text, name: label.optional() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart]))]),
    name: label.optional(),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: text.nullish(),
    name: label.optional(),
    /** Part of what OpenAI's clients echo back; null in every answer of ours. */
    refusal: z.null().optional(),
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(toolCall).min(1).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content: text, tool_call_id: z.string().min(1).max(256) }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name,
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().nullish(),
  }),
});

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name,
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const TOKENS_MAX = 100_000_000;

export const openAiChatSchema = z.strictObject({
  model: z.string().min(1).max(256),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).max(TOKENS_MAX).nullish(),
  max_completion_tokens: z.int().min(1).max(TOKENS_MAX).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  tools: z.array(tool).max(128).optional(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name }) }),
    ])
    .optional(),
  /** Several calls in one answer are what targets do by themselves; forbidding them is not offered. */
  parallel_tool_calls: z
    .literal(true, 'must be true or left out: no target can be held to one call')
    .optional(),
  response_format: responseFormat.optional(),
  n: z.literal(1, 'must be 1 or left out: one answer a request').nullish(),
  /** Labels: they change no answer. */
  user: label.optional(),
  safety_identifier: label.optional(),
  prompt_cache_key: label.optional(),
  store: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string().max(512)).nullish(),
});

/** Fields of OpenAI's format that no target honours: refused by name, with the reason. */
export const refusedOpenAiFields: Readonly<Record<string, string>> = {
  audio: 'answers are text',
  frequency_penalty: 'no target honours it',
  function_call: 'is replaced by tool_choice',
  functions: 'is replaced by tools',
  logit_bias: 'no target honours it',
  logprobs: 'no target reports them',
  modalities: 'answers are text',
  prediction: 'no target honours it',
  presence_penalty: 'no target honours it',
  reasoning_effort: 'no target honours it',
  seed: 'no target honours it',
  service_tier: 'is set by the operator of the gateway',
  top_logprobs: 'no target reports them',
  verbosity: 'no target honours it',
  web_search_options: 'no target honours it',
};
