import { describe, expect, it } from 'vitest';
import { anthropicMessagesSchema, refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { bodyViolations } from '#contract/body-violations.ts';

const body = { model: 'chat-large', max_tokens: 16, messages: [{ role: 'user', content: 'hello' }] };
const wrong = (changes: object) => {
  const parsed = anthropicMessagesSchema.safeParse({ ...body, ...changes });
  return parsed.success ? [] : bodyViolations(parsed.error.issues, refusedAnthropicFields);
};
const tool = { name: 'look', input_schema: { type: 'object' } };

describe('the body of POST /v1/messages', () => {
  it.each(Object.entries(refusedAnthropicFields))('refuses %s by name, with the reason', (field, reason) => {
    expect(wrong({ [field]: {} })).toEqual([{ path: field, message: `is not supported: ${reason}` }]);
  });

  it('takes labels, and what only says what is so anyway', () => {
    const labels = {
      metadata: { user_id: 'u' },
      service_tier: 'standard_only',
      speed: 'standard',
      cache_control: null,
      thinking: { type: 'disabled' },
      stream: false,
      tools: [
        {
          ...tool,
          type: 'custom',
          eager_input_streaming: true,
          defer_loading: false,
          allowed_callers: ['direct'],
          input_examples: null,
        },
      ],
    };
    expect(wrong(labels)).toEqual([]);
  });

  it.each([
    [{ max_tokens: undefined }, 'max_tokens', 'expected number'],
    [{ max_tokens: 0 }, 'max_tokens', '>=1'],
    [{ messages: [] }, 'messages', '>=1'],
    [{ messages: [{ role: 'system', content: 'a' }] }, 'messages[0].role', 'instructions stand in system'],
    [{ temperature: 1.1 }, 'temperature', '<=1'],
    [{ top_k: 1.5 }, 'top_k', 'int'],
    [{ stop_sequences: [''] }, 'stop_sequences[0]', '>=1'],
    [
      { thinking: { type: 'between_tools' } },
      'thinking.type',
      'must be enabled (with budget_tokens), adaptive or',
    ],
    [{ thinking: { type: 'enabled', budget_tokens: 1023 } }, 'thinking.budget_tokens', '>=1024'],
    [
      { thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' } },
      'thinking.display',
      'must be summarized or left out',
    ],
    [{ tool_choice: { type: 'some' } }, 'tool_choice.type', 'auto, any, tool, none'],
    [
      { tools: [{ type: 'bash_20250124', name: 'bash' }] },
      'tools[0].type',
      '"bash_20250124" is a tool that a provider',
    ],
    [{ tools: [7] }, 'tools[0]', 'must be a tool'],
    [{ tools: [{ ...tool, name: 'a b' }] }, 'tools[0].name', 'letters, digits'],
    [{ tools: [{ ...tool, input_schema: { type: 'string' } }] }, 'tools[0].input_schema.type', 'object'],
    [{ tools: [{ ...tool, defer_loading: true }] }, 'tools[0].defer_loading', 'must be false or left out'],
    [
      { tools: [{ ...tool, input_examples: [{}] }] },
      'tools[0].input_examples',
      'is not supported: write examples',
    ],
    [{ tools: [{ ...tool, surprise: 1 }] }, 'tools[0].surprise', 'is not known here'],
    [{ output_config: { effort: 'some' } }, 'output_config.effort', 'low'],
    [{ output_config: { task_budget: {} } }, 'output_config.task_budget', 'is not supported'],
    [{ speed: 'fast' }, 'speed', 'must be standard or left out'],
    [{ surprise: 1 }, 'surprise', 'is not known here; leave it out'],
  ])('says what is wrong with %j', (changes, path, message) => {
    expect(wrong(changes)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });
});
