import { describe, expect, it } from 'vitest';
import { bodyViolations } from '#contract/body-violations.ts';
import { openAiChatSchema, refusedOpenAiFields } from '#contract/openai-chat.ts';

function violations(changes: object): Record<string, string> {
  const messages = [{ role: 'user', content: 'hello' }];
  const parsed = openAiChatSchema.safeParse({ model: 'chat-small', messages, ...changes });
  if (parsed.success) return {};
  const found = bodyViolations(parsed.error.issues, refusedOpenAiFields);
  return Object.fromEntries(found.map(({ path, message }) => [path, message]));
}

describe('a body of chat completions', () => {
  it('takes an answer given back with all that clients put into it', () => {
    const assistant = {
      role: 'assistant',
      content: '{}',
      refusal: null,
      annotations: [],
      audio: null,
      function_call: null,
      reasoning_content: 'Hm.',
      parsed: {},
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'look', arguments: '{}', parsed_arguments: {} } },
      ],
    };
    const user = { role: 'user', content: 'hello' };
    expect(violations({ messages: [user, assistant, { ...assistant, tool_calls: null }] })).toEqual({});
  });

  it.each([
    [
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] },
      'messages[0].content[0].file.file_id',
      /keeps no files/,
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      'messages[0].content[0].type',
      /must be of type text, image_url or file/,
    ],
    [{ tools: [{ type: 'custom' }] }, 'tools[0].type', /must be function/],
    [{ service_tier: 'scale' }, 'service_tier', /must be auto/],
    [{ reasoning_effort: 'minimal' }, 'reasoning_effort', /must be low/],
    [{ n: 2 }, 'n', /must be 1/],
  ])('%j is refused by name with the reason', (changes, path, message) => {
    expect(violations(changes)[path]).toMatch(message);
  });

  it.each(Object.entries(refusedOpenAiFields))('%s is refused with its reason', (field, reason) => {
    expect(violations({ [field]: 1 })).toEqual({ [field]: `is not supported: ${reason}` });
  });
});
