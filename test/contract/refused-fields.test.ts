import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { refusedAnthropicMembers } from '#contract/anthropic-blocks.ts';
import { anthropicMessagesSchema, refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { bodyViolations, type RefusedFields } from '#contract/body-violations.ts';
import { openAiChatSchema, refusedOpenAiFields } from '#contract/openai-chat.ts';
import {
  openAiResponsesSchema,
  refusedResponsesFields,
  refusedResponsesMembers,
} from '#contract/openai-responses.ts';

/** What a client's types know and the schema does not take: a client's new field must be listed here to compile. */
type NotTaken<Params, Schema extends { readonly shape: object }> = Readonly<
  Record<Exclude<keyof Params, keyof Schema['shape'] | 'betas'>, true>
>;

const chat: NotTaken<OpenAI.ChatCompletionCreateParamsNonStreaming, typeof openAiChatSchema> = {
  audio: true,
  function_call: true,
  functions: true,
  modalities: true,
  moderation: true,
  prediction: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
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
  ['logprobs', false, true],
  ['top_logprobs', 0, 2],
  ['verbosity', 'medium', 'low'],
])('%s of chat completions may say what leaving it out means: %j, not %j', (field, neutral, asking) => {
  const body = { model: 'm', messages: turns };
  expect(openAiChatSchema.safeParse({ ...body, [field]: neutral }).success).toBe(true);
  expect(openAiChatSchema.safeParse({ ...body, [field]: asking }).success).toBe(false);
});

const call = { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'c', output: 'x' };
const tool = { type: 'function', name: 'look', parameters: {} };
const file = { type: 'input_file', file_data: 'data:text/plain;base64,aGk=' };

it.each<readonly [string, object, object, string | undefined]>([
  ['input[0].async', call, { async: true }, 'async'],
  ['input[0].async', call, { async: false }, undefined],
  ['input[0].caller.type', call, { caller: { type: 'program' } }, 'caller'],
  ['input[0].caller', call, { caller: { type: 'direct' } }, undefined],
  ['input[0].namespace', call, { namespace: 'a' }, 'namespace'],
  ['input[0].namespace', output, { namespace: 'a' }, 'namespace'],
  ['input[0].caller', output, { caller: { type: 'direct' } }, undefined],
  ['input[0].phase', { role: 'user', content: 'hi' }, { phase: 'commentary' }, 'phase'],
  ['input[0].phase', { role: 'assistant', content: 'hi' }, { phase: 'commentary' }, undefined],
  ['tools[0].async', tool, { async: true }, 'async'],
  ['tools[0].defer_loading', tool, { defer_loading: true }, 'defer_loading'],
  ['tools[0].output_schema', tool, { output_schema: {} }, 'output_schema'],
  ['tools[0].allowed_callers[0]', tool, { allowed_callers: ['programmatic'] }, 'allowed_callers'],
  ['tools[0].allowed_callers', tool, { allowed_callers: ['direct'] }, undefined],
])('%s of responses: %j with %j', (path, whole, member, refused) => {
  const part = { ...whole, ...member };
  const body = path.startsWith('tools') ? { input: 'hi', tools: [part] } : { input: [part] };
  const parsed = openAiResponsesSchema.safeParse({ model: 'm', ...body });
  const found = parsed.success ? [] : bodyViolations(parsed.error.issues, refusedResponsesFields);
  const reason = refused === undefined ? undefined : refusedResponsesMembers[refused];
  expect(found.map(({ path: at }) => at)).toEqual(refused === undefined ? [] : [path]);
  if (reason !== undefined) expect(found[0]?.message).toContain(`is not supported: ${reason}`);
});

it('takes how finely a file is to be read, in responses, as a hint', () => {
  const input = [{ role: 'user', content: [{ ...file, detail: 'high' }] }];
  expect(openAiResponsesSchema.safeParse({ model: 'm', input }).success).toBe(true);
});

it.each<readonly [string, object, object, boolean]>([
  ['transformations.oversized_image', { type: 'image' }, { oversized_image: 'error' }, false],
  ['transformations.oversized_image', { type: 'image' }, { oversized_image: 'downsize' }, true],
])('%s of Anthropic’s messages: %j with %j', (path, block, transformations, taken) => {
  const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' };
  const content = [{ ...block, source, transformations }];
  const parsed = anthropicMessagesSchema.safeParse({
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content }],
  });
  const found = parsed.success ? [] : bodyViolations(parsed.error.issues, refusedAnthropicFields);
  const reason = refusedAnthropicMembers['image.transformations.oversized_image'];
  expect(found).toEqual(
    taken ? [] : [{ path: `messages[0].content[0].${path}`, message: `is not supported: ${reason}` }],
  );
});

it('refuses Anthropic’s tool sets by name in calls and their results', () => {
  const toolUse = { type: 'tool_use', id: 'a', name: 'find', input: {}, toolset_name: 'browser' };
  const result = { type: 'tool_result', tool_use_id: 'a', toolset_name: 'browser' };
  const parsed = anthropicMessagesSchema.safeParse({
    model: 'm',
    max_tokens: 9,
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [toolUse] },
      { role: 'user', content: [result] },
    ],
  });
  const found = parsed.success ? [] : bodyViolations(parsed.error.issues, refusedAnthropicFields);
  const message = `is not supported: ${refusedAnthropicMembers.toolset_name}`;
  expect(found).toEqual([
    { path: 'messages[1].content[0].toolset_name', message },
    { path: 'messages[2].content[0].toolset_name', message },
  ]);
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
