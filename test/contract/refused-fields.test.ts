import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { anthropicMessagesSchema, refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { bodyViolations, type RefusedFields } from '#contract/body-violations.ts';
import { openAiChatSchema, refusedOpenAiFields } from '#contract/openai-chat.ts';
import { openAiResponsesSchema, refusedResponsesFields } from '#contract/openai-responses.ts';

/** What a client's types know and the schema does not take: a client's new field must be listed here to compile. */
type NotTaken<Params, Schema extends { readonly shape: object }> = Readonly<
  Record<Exclude<keyof Params, keyof Schema['shape'] | 'betas'>, true>
>;

const chat: NotTaken<OpenAI.ChatCompletionCreateParamsNonStreaming, typeof openAiChatSchema> = {
  audio: true,
  function_call: true,
  functions: true,
  logit_bias: true,
  modalities: true,
  moderation: true,
  prediction: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
  seed: true,
  web_search_options: true,
};
const responses: NotTaken<OpenAI.Responses.ResponseCreateParams, typeof openAiResponsesSchema> = {
  access_programs: true,
  context_management: true,
  image: true,
  max_tool_calls: true,
  moderation: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
};
const messages: NotTaken<MessageCreateParamsNonStreaming, typeof anthropicMessagesSchema> = {
  billing_policy: true,
  compaction: true,
  container: true,
  context_management: true,
  diagnostics: true,
  fallback_credit_token: true,
  fallbacks: true,
  inference_geo: true,
  mcp_servers: true,
  output_format: true,
  thread: true,
  user_profile_id: true,
  workspace_id: true,
};

const turns = [{ role: 'user', content: 'hello' }];
const formats = [
  [openAiChatSchema, refusedOpenAiFields, { model: 'm', messages: turns }, chat],
  [openAiResponsesSchema, refusedResponsesFields, { model: 'm', input: 'hello' }, responses],
  [anthropicMessagesSchema, refusedAnthropicFields, { model: 'm', max_tokens: 9, messages: turns }, messages],
] as const;

const cases = formats.flatMap(([schema, refused, body, fields]) => {
  const said = (field: string, value: unknown) => {
    const parsed = schema.safeParse({ ...body, [field]: value });
    return parsed.success ? [] : bodyViolations(parsed.error.issues, refused as RefusedFields);
  };
  return Object.keys(fields).map((field) => [field, refused as RefusedFields, said] as const);
});

describe('a field of a client’s types that no target honours', () => {
  it.each(cases)('%s is refused by name, and null asks for nothing', (field, refused, said) => {
    expect(said(field, 1)).toEqual([{ path: field, message: `is not supported: ${refused[field]}` }]);
    expect(said(field, null)).toEqual([]);
  });
});

it.each([
  ['frequency_penalty', 0, 0.5],
  ['logprobs', false, true],
  ['presence_penalty', 0, 0.5],
  ['top_logprobs', 0, 2],
  ['verbosity', 'medium', 'low'],
])('%s of chat completions may say what leaving it out means: %j, not %j', (field, neutral, asking) => {
  const body = { model: 'm', messages: turns };
  expect(openAiChatSchema.safeParse({ ...body, [field]: neutral }).success).toBe(true);
  expect(openAiChatSchema.safeParse({ ...body, [field]: asking }).success).toBe(false);
});

it.each([
  [{ generate_summary: 'auto' }, /generate_summary.*is replaced by summary/],
  [{ context: 'auto' }, /context.*own choice/],
  [{ mode: 'pro' }, /mode.*must be standard/],
])('reasoning %j of responses is refused by name with the reason', (reasoning, message) => {
  const parsed = openAiResponsesSchema.safeParse({ model: 'm', input: 'hello', reasoning });
  const found = parsed.success ? [] : bodyViolations(parsed.error.issues, refusedResponsesFields);
  expect(found.map(({ path, message: reason }) => `${path} ${reason}`).join()).toMatch(message);
});
