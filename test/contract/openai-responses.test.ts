import { describe, expect, it } from 'vitest';
import { bodyViolations } from '#contract/body-violations.ts';
import { openAiResponsesSchema, refusedResponsesFields } from '#contract/openai-responses.ts';

function violations(changes: object): Record<string, string> {
  const parsed = openAiResponsesSchema.safeParse({ model: 'chat-small', input: 'hello', ...changes });
  if (parsed.success) return {};
  const found = bodyViolations(parsed.error.issues, refusedResponsesFields);
  return Object.fromEntries(found.map(({ path, message }) => [path, message]));
}

describe('a body of responses', () => {
  it('takes what labels a call, and null for what is left out', () => {
    expect(
      violations({
        store: true,
        user: 'u',
        metadata: { a: 'b' },
        safety_identifier: 's',
        prompt_cache_key: 'k',
        previous_response_id: null,
        conversation: null,
        background: false,
        truncation: 'disabled',
        include: ['reasoning.encrypted_content'],
        text: { verbosity: 'medium' },
        stream_options: { include_obfuscation: false },
      }),
    ).toEqual({});
  });

  it('takes items as an answer gave them, with what clients add', () => {
    expect(
      violations({
        input: [
          { role: 'user', content: 'hello' },
          { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null, status: 'completed' },
          {
            type: 'message',
            id: 'msg_1',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: '{}', annotations: [], logprobs: [], parsed: {} }],
          },
          {
            type: 'function_call',
            id: 'fc_1',
            call_id: 'a',
            name: 'look',
            arguments: '{}',
            status: 'completed',
            parsed_arguments: {},
          },
          { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_text', text: 'x' }] },
        ],
      }),
    ).toEqual({});
  });

  it.each([
    [{ input: [{ type: 'item_reference', id: 'm' }] }, 'input[0]', /keeps no responses.*store: false/],
    [{ input: [{ type: 'web_search_call' }] }, 'input[0].type', /must be of type message/],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0].type', /must be function/],
    [{ tool_choice: { type: 'mcp' } }, 'tool_choice.type', /must be function or allowed_tools/],
    [{ previous_response_id: 'r' }, 'previous_response_id', /keeps no responses/],
    [{ conversation: 'c' }, 'conversation', /keeps no responses/],
    [{ prompt: { id: 'p' } }, 'prompt', /keeps no prompts/],
    [{ background: true }, 'background', /must be false/],
    [{ truncation: 'auto' }, 'truncation', /must be disabled/],
    [{ include: ['file_search_call.results'] }, 'include[0]', /must be reasoning.encrypted_content/],
    [{ reasoning: { effort: 'none' } }, 'reasoning.effort', /must be low/],
    [{ reasoning: { summary: 'detailed' } }, 'reasoning.summary', /must be auto/],
    [{ text: { verbosity: 'low' } }, 'text.verbosity', /must be medium/],
    [{ temprature: 1 }, 'temprature', /is not known here/],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
      'input[0].content[0].file_id',
      /keeps no files/,
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://x' }] }] },
      'input[0].content[0].file_url',
      /leave the residency/,
    ],
  ])('%j is refused by name with the reason', (changes, path, message) => {
    expect(violations(changes)[path]).toMatch(message);
  });

  it.each(Object.entries(refusedResponsesFields))('%s is refused with its reason', (field, reason) => {
    expect(violations({ [field]: 1 })).toEqual({ [field]: `is not supported: ${reason}` });
  });
});
