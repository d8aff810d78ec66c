/** The body of POST /v1/chat/completions: strict, so that nothing a caller sends is silently ignored. */
import * as z from 'zod';
import {
  cacheBreakpoint,
  callId,
  echoed,
  fileId,
  imageDetail,
  jsonSchema,
  label,
  metadata,
  noObfuscation,
  outputTokensMax,
  reasoningEffort,
  serviceTier,
  temperature,
  toolName,
  topP,
} from './openai-parts.ts';
import { refusedUnless, refusedUnlessNull } from './refused-fields.ts';

const textPart = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string(), detail: imageDetail }),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const filePart = z.strictObject({
  type: z.literal('file'),
  file: z.strictObject({ file_data: z.string(), filename: label.nullish(), file_id: fileId }),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const userPart = z.discriminatedUnion('type', [textPart, imagePart, filePart], {
  error: 'must be of type text, image_url or file: no target takes another',
});
const text = z.union([z.string(), z.array(textPart)]);

const assistantPart = z.discriminatedUnion(
  'type',
  [textPart, z.strictObject({ type: z.literal('refusal'), refusal: z.string() })],
  { error: 'must be of type text or refusal' },
);

const toolCall = z.strictObject({
  id: callId,
  type: z.literal('function', 'must be function: no target takes another'),
  function: z.strictObject({ name: toolName, arguments: z.string(), parsed_arguments: echoed }),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: text, name: label.optional() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(userPart)]),
    name: label.optional(),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(assistantPart)]).nullish(),
    name: label.optional(),
    tool_calls: z.array(toolCall).nullish(),
    // What a model of another service refused with: what it said.
    refusal: z.string().nullish(),
    // What clients echo of an answer: empty in every answer of ours, but for the thoughts and the parsed text.
    audio: z.null().optional(),
    function_call: z.null().optional(),
    annotations: z.array(z.never()).nullish(),
    reasoning_content: z.string().nullish(),
    parsed: echoed,
  }),
  // Clients give the tool's name again; the call that is answered says it.
  z.strictObject({ role: z.literal('tool'), content: text, tool_call_id: callId, name: label.nullish() }),
]);

const functionOnly = { error: 'must be function: no target has another' };

const functionTool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: toolName,
    description: z.string().optional(),
    parameters: jsonSchema.optional(),
    strict: z.boolean().nullish(),
  }),
});
const tool = z.discriminatedUnion('type', [functionTool], functionOnly);

const chosenTool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({ name: toolName }),
});

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    chosenTool,
    z.strictObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.strictObject({
        mode: z.enum(['auto', 'required']),
        tools: z.array(chosenTool).min(1),
      }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string(),
      description: z.string().nullish(),
      schema: jsonSchema,
      strict: z.boolean().nullish(),
    }),
  }),
]);

const penalty = z.number().min(-2).max(2).nullish();
const LOGIT_BIASES_MAX = 1024;
const logitBias = z
  .record(
    z.string().regex(/^\d{1,9}$/, 'must be the number of a token in the vocabulary of the model'),
    z.number().min(-100).max(100),
  )
  .refine(
    (biases) => Object.keys(biases).length <= LOGIT_BIASES_MAX,
    `must name at most ${LOGIT_BIASES_MAX} tokens`,
  )
  .nullish();

/** Fields of OpenAI's format that no target honours: refused by name, with the reason. */
export const refusedOpenAiFields: Readonly<Record<string, string>> = {
  audio: 'answers are text',
  function_call: 'is replaced by tool_choice',
  functions: 'is replaced by tools',
  logprobs: 'no target reports them',
  modalities: 'answers are text',
  moderation: 'no target honours it; a guardrail does such work',
  prediction: 'no target honours it',
  prompt_cache_options: 'no target honours it',
  prompt_cache_retention: 'no target honours it',
  top_logprobs: 'no target reports them',
  verbosity: 'no target honours it',
  web_search_options: 'no target honours it',
};

export const openAiChatSchema = z.strictObject({
  model: z.string().min(1).max(256),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: noObfuscation })
    .nullish(),
  max_tokens: outputTokensMax,
  max_completion_tokens: outputTokensMax,
  temperature,
  top_p: topP,
  /** How tokens are drawn: for containers, see docs/dialects.md. */
  seed: z.int().nullish(),
  frequency_penalty: penalty,
  presence_penalty: penalty,
  logit_bias: logitBias,
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  tools: z.array(tool).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  service_tier: serviceTier,
  reasoning_effort: reasoningEffort,
  n: z.literal(1, 'must be 1 or left out: one answer a request').nullish(),
  ...refusedUnlessNull(refusedOpenAiFields),
  logprobs: refusedUnless(false, 'logprobs', refusedOpenAiFields),
  top_logprobs: refusedUnless(0, 'top_logprobs', refusedOpenAiFields),
  verbosity: refusedUnless('medium', 'verbosity', refusedOpenAiFields),
  /** Labels: they change no answer. */
  user: label.nullish(),
  safety_identifier: label.nullish(),
  prompt_cache_key: label.nullish(),
  store: z.boolean().nullish(),
  metadata,
});
