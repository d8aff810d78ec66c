/** The body of POST /v1/responses: strict, so that nothing a caller sends is silently ignored. */
import * as z from 'zod';
import {
  cacheBreakpoint,
  callId,
  echoed,
  fileId,
  fileUrl,
  imageDetail,
  jsonSchema,
  label,
  metadata,
  noObfuscation,
  outputTokensMax,
  reasoningEffort,
  refusedValue,
  serviceTier,
  temperature,
  toolName,
  topP,
} from './openai-parts.ts';
import { refusedUnless, refusedUnlessNull } from './refused-fields.ts';

const keepsNothing = 'Spillway keeps no responses; give the earlier turns in input';
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
/** Ids of earlier items: they name what is given in full, and say nothing more. */
const itemId = label.nullish();

const PROGRAMS = 'belongs to programs that run at OpenAI';

/** Members of items and tools that no lawful target can honour, each with the reason. */
export const refusedResponsesMembers: Readonly<Record<string, string>> = {
  allowed_callers: PROGRAMS,
  async: 'the result of a call comes with the next request',
  caller: PROGRAMS,
  defer_loading: 'every tool is shown to the model',
  namespace: 'tools have no namespaces here; tell them apart by name',
  output_schema: 'no target honours it; write it into the description',
  phase: 'belongs to messages of the assistant',
};

/** What such a member may say is what leaving it out means. */
function refused(member: string) {
  return refusedUnlessNull({ [member]: refusedResponsesMembers[member] ?? '' });
}
const notAsync = { async: refusedUnless(false, 'async', refusedResponsesMembers) };
const calledDirectly = z
  .strictObject({ type: refusedUnless('direct', 'caller', refusedResponsesMembers) })
  .nullish();

const inputPart = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('input_text'),
      text: z.string(),
      prompt_cache_breakpoint: cacheBreakpoint,
    }),
    z.strictObject({
      type: z.literal('input_image'),
      image_url: z.string('must be a data: URL with the image itself'),
      detail: imageDetail,
      file_id: fileId,
      prompt_cache_breakpoint: cacheBreakpoint,
    }),
    z.strictObject({
      type: z.literal('input_file'),
      file_data: z.string('must be the file itself in base64'),
      filename: label.nullish(),
      file_id: fileId,
      file_url: fileUrl,
      // A hint, as with images: documents are read as the model reads them.
      detail: imageDetail,
      prompt_cache_breakpoint: cacheBreakpoint,
    }),
  ],
  { error: 'must be of type input_text, input_image or input_file: no target takes another' },
);

const outputPart = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('output_text'),
      text: z.string(),
      // What clients echo of an answer: none of it is shown to a model.
      annotations: z.array(z.unknown()).nullish(),
      logprobs: z.array(z.unknown()).nullish(),
      parsed: echoed,
    }),
    z.strictObject({ type: z.literal('refusal'), refusal: z.string() }),
  ],
  { error: 'must be of type output_text or refusal' },
);

const message = z.discriminatedUnion('role', [
  z.strictObject({
    type: z.literal('message'),
    role: z.enum(['user', 'system', 'developer']),
    content: z.union([z.string(), z.array(inputPart)]),
    id: itemId,
    status,
    ...refused('phase'),
  }),
  z.strictObject({
    type: z.literal('message'),
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(outputPart)]),
    id: itemId,
    status,
    phase: z.enum(['commentary', 'final_answer']).nullish(),
  }),
]);

const functionCall = z.strictObject({
  type: z.literal('function_call'),
  call_id: callId,
  name: toolName,
  arguments: z.string(),
  id: itemId,
  status,
  parsed_arguments: echoed,
  ...notAsync,
  caller: calledDirectly,
  ...refused('namespace'),
});

const functionCallOutput = z.strictObject({
  type: z.literal('function_call_output'),
  call_id: callId,
  output: z.union([z.string(), z.array(inputPart)]),
  name: label.nullish(),
  id: itemId,
  status,
  caller: calledDirectly,
  ...refused('namespace'),
});

const reasoning = z.strictObject({
  type: z.literal('reasoning'),
  summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
  content: z.array(z.strictObject({ type: z.literal('reasoning_text'), text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
  id: itemId,
  status,
});

const itemReference = z
  .object({ type: z.literal('item_reference') })
  .refine(() => false, `is not supported: ${keepsNothing}, and let your client send store: false`)
  .transform((): never => {
    throw new Error('an item reference passes no check');
  });

const item = z.discriminatedUnion(
  'type',
  [message, functionCall, functionCallOutput, reasoning, itemReference],
  {
    error:
      'must be of type message, function_call, function_call_output or reasoning: other items are of tools that run at OpenAI',
  },
);

/** A message may leave its type out. */
const typedItem = z.preprocess((value) => {
  const isMessage = typeof value === 'object' && value !== null && 'role' in value && !('type' in value);
  return isMessage ? { type: 'message', ...value } : value;
}, item);

const functionOnly = { error: 'must be function: other tools run at OpenAI' };

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: toolName,
  description: z.string().nullish(),
  parameters: jsonSchema.nullish(),
  strict: z.boolean().nullish(),
  ...notAsync,
  allowed_callers: z
    .array(z.literal('direct', `is not supported: ${refusedResponsesMembers.allowed_callers}`))
    .nullish(),
  defer_loading: refusedUnless(false, 'defer_loading', refusedResponsesMembers),
  ...refused('output_schema'),
});
const tool = z.discriminatedUnion('type', [functionTool], functionOnly);

const chosenFunction = z.strictObject({ type: z.literal('function'), name: toolName });

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion(
    'type',
    [
      chosenFunction,
      z.strictObject({
        type: z.literal('allowed_tools'),
        mode: z.enum(['auto', 'required']),
        tools: z.array(z.discriminatedUnion('type', [chosenFunction], functionOnly)).min(1),
      }),
    ],
    { error: 'must be function or allowed_tools: other tools run at OpenAI' },
  ),
]);

const textFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string(),
    description: z.string().nullish(),
    schema: jsonSchema,
    strict: z.boolean().nullish(),
  }),
]);

/** Fields of OpenAI's format that no target honours: refused by name, with the reason. */
export const refusedResponsesFields: Readonly<Record<string, string>> = {
  access_programs: 'is an agreement with OpenAI',
  context_management: 'no turn of the caller is ever dropped or shortened',
  image: 'answers are text',
  max_tool_calls: 'bounds tools that run at OpenAI',
  moderation: 'no target honours it; a guardrail does such work',
  prompt_cache_options: 'no target honours it',
  prompt_cache_retention: 'no target honours it',
  top_logprobs: 'no target reports them',
};

export const openAiResponsesSchema = z.strictObject({
  model: z.string().min(1).max(256),
  input: z.union([z.string(), z.array(typedItem).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: noObfuscation }).nullish(),
  max_output_tokens: outputTokensMax,
  temperature,
  top_p: topP,
  tools: z.array(tool).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .strictObject({
      format: textFormat.nullish(),
      verbosity: z.literal('medium', 'must be medium or left out: no target honours another').nullish(),
    })
    .nullish(),
  reasoning: z
    .strictObject({
      effort: reasoningEffort,
      summary: z
        .literal('auto', 'must be auto or left out: thoughts are shown as the model shows them')
        .nullish(),
      context: refusedValue('which thoughts count is the model’s own choice'),
      generate_summary: refusedValue('is replaced by summary'),
      mode: z.literal('standard', 'must be standard or left out: no target honours another').nullish(),
    })
    .nullish(),
  include: z
    .array(
      z.literal(
        'reasoning.encrypted_content',
        'must be reasoning.encrypted_content: no answer here holds anything else of the list',
      ),
    )
    .nullish(),
  truncation: z
    .literal('disabled', 'must be disabled or left out: no turn of the caller is ever dropped')
    .nullish(),
  service_tier: serviceTier,
  background: z.literal(false, `must be false or left out: ${keepsNothing}`).nullish(),
  previous_response_id: refusedValue(keepsNothing),
  conversation: refusedValue(keepsNothing),
  prompt: refusedValue('Spillway keeps no prompts; give instructions and input'),
  ...refusedUnlessNull(refusedResponsesFields),
  top_logprobs: refusedUnless(0, 'top_logprobs', refusedResponsesFields),
  /** Labels: they change no answer. */
  store: z.boolean().nullish(),
  user: label.nullish(),
  safety_identifier: label.nullish(),
  prompt_cache_key: label.nullish(),
  metadata,
});
