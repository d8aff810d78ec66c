/** The body of POST /v1/messages: strict, so that nothing a caller sends is silently ignored. */
import * as z from 'zod';
import { assistantBlocks, cacheControl, textBlock, toolName, userBlocks } from './anthropic-blocks.ts';
import { refusedUnlessNull } from './refused-fields.ts';

const TOKENS_MAX = 100_000_000;
/** Anthropic's own floor of a thought budget. */
const THINKING_TOKENS_MIN = 1024;

/** A field that Anthropic's format has there and no target honours: null is what leaving it out means. */
const notHonoured = (reason: string) => z.null(`is not supported: ${reason}`).optional();

const message = z.discriminatedUnion(
  'role',
  [
    z.strictObject({ role: z.literal('user'), content: z.union([z.string(), userBlocks]) }),
    z.strictObject({ role: z.literal('assistant'), content: z.union([z.string(), assistantBlocks]) }),
  ],
  { error: 'must have the role user or assistant; instructions stand in system' },
);

const tool = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('custom').nullish(),
      name: toolName,
      description: z.string().optional(),
      input_schema: z.looseObject({ type: z.literal('object') }),
      strict: z.boolean().optional(),
      cache_control: cacheControl,
      /** How finely the input is streamed; its content is the same. */
      eager_input_streaming: z.boolean().nullish(),
      defer_loading: z
        .literal(false, 'must be false or left out: every tool is shown to the model')
        .optional(),
      input_examples: notHonoured('write examples into the description'),
      allowed_callers: z
        .array(z.literal('direct', 'must be direct: tools that a provider runs are not offered'))
        .optional(),
    }),
  ],
  {
    error: ({ input }) => {
      const type = (input as { type?: unknown } | null)?.type;
      return typeof type === 'string'
        ? `"${type.slice(0, 64)}" is a tool that a provider defines; only tools of the caller (custom) are offered`
        : 'must be a tool with name and input_schema';
    },
  },
);

const oneCall = z.boolean().optional();
const toolChoice = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use: oneCall }),
    z.strictObject({ type: z.literal('any'), disable_parallel_tool_use: oneCall }),
    z.strictObject({ type: z.literal('tool'), name: toolName, disable_parallel_tool_use: oneCall }),
    z.strictObject({ type: z.literal('none') }),
  ],
  { error: 'must have a type: auto, any, tool, none' },
);

const thinking = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('enabled'),
      budget_tokens: z.int().min(THINKING_TOKENS_MIN).max(TOKENS_MAX),
      display: z
        .literal('summarized', 'must be summarized or left out: no target is asked to hide it')
        .nullish(),
    }),
    z.strictObject({ type: z.literal('adaptive'), display: z.enum(['summarized', 'omitted']).nullish() }),
    z.strictObject({ type: z.literal('disabled') }),
  ],
  {
    error:
      'must be enabled (with budget_tokens), adaptive or disabled: no target is known to take another manner',
  },
);

/** Fields of Anthropic's format that no target honours: refused by name, with the reason. */
export const refusedAnthropicFields: Readonly<Record<string, string>> = {
  billing_policy: 'the API key says whose call it is',
  compaction: 'no target honours it; shorten messages before they are sent',
  container: 'tools that a provider runs are not offered',
  context_management: 'no target honours it; leave out of messages what should be forgotten',
  diagnostics: 'no target reports them',
  fallback_credit_token: 'the route of the model says which targets may answer',
  fallbacks: 'the route of the model says which targets may answer',
  inference_geo: 'the residency says where a call may be answered: x-spillway-residency',
  mcp_servers: 'tools that a provider runs are not offered',
  output_format: 'is replaced by output_config.format',
  thread: 'conversations are not kept here; send all messages each time',
  user_profile_id: 'there are no profiles here',
  workspace_id: 'the API key says whose call it is',
};

export const anthropicMessagesSchema = z.strictObject({
  model: z.string().min(1).max(256),
  max_tokens: z.int().min(1).max(TOKENS_MAX),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).max(100_000).optional(),
  stop_sequences: z.array(z.string().min(1)).max(2500).optional(),
  thinking: thinking.optional(),
  tools: z.array(tool).max(512).optional(),
  tool_choice: toolChoice.optional(),
  output_config: z
    .strictObject({
      format: z
        .strictObject({
          type: z.literal('json_schema'),
          schema: z.looseObject({ type: z.literal('object') }),
        })
        .nullish(),
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      task_budget: notHonoured('no target honours it'),
    })
    .optional(),
  /** Stands for a mark at the last block. */
  cache_control: cacheControl,
  /** Labels: they change no answer. Nothing but the standard tier is used unless the operator says otherwise. */
  metadata: z.strictObject({ user_id: z.string().max(512).nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  ...refusedUnlessNull(refusedAnthropicFields),
  speed: z.literal('standard', 'must be standard or left out: no target offers another').nullish(),
});

/** The body of POST /v1/messages/count_tokens: what a model would read, without how it is to answer. */
export const anthropicCountTokensSchema = anthropicMessagesSchema.omit({
  max_tokens: true,
  stream: true,
  temperature: true,
  top_p: true,
  top_k: true,
  stop_sequences: true,
  metadata: true,
  service_tier: true,
});
