import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatRequestOfResponses } from '#core/wire/openai-responses/chat-request-of-responses.ts';
import { outputItem } from '#core/wire/openai-responses/output-item.ts';
import type { InputItem, ResponsesBody } from '#core/wire/openai-responses/responses-body.ts';

const hello: InputItem = { type: 'message', role: 'user', content: 'hello' };
const body = (changes: Partial<ResponsesBody>): ResponsesBody => ({
  model: 'chat-small',
  input: 'hello',
  ...changes,
});

function request(changes: Partial<ResponsesBody>) {
  const translated = chatRequestOfResponses(body(changes));
  if (!translated.ok) throw new Error(JSON.stringify(translated.violations));
  return translated.request;
}

function violations(changes: Partial<ResponsesBody>) {
  const translated = chatRequestOfResponses(body(changes));
  return translated.ok ? [] : translated.violations.map(({ path }) => path);
}

const weather = { type: 'function', name: 'weather', parameters: { type: 'object' } } as const;

describe('input', () => {
  it('is a text of the user', () => {
    expect(request({}).messages).toEqual([{ role: 'user', content: [{ text: 'hello' }] }]);
    expect(violations({ input: '' })).toEqual(['input']);
  });

  it('has instructions before system and developer messages, and neighbours of one role as one message', () => {
    const input: readonly InputItem[] = [
      { type: 'message', role: 'system', content: 'Speak English.' },
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'No lists.' }] },
      hello,
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
      { type: 'function_call', call_id: 'a', name: 'weather', arguments: '{"city":"Bonn"}' },
      { type: 'function_call', call_id: 'b', name: 'weather', arguments: '' },
      { type: 'function_call_output', call_id: 'a', output: '12 degrees' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'rain' }] },
    ];
    const { system, messages } = request({ instructions: 'Be brief.', input, tools: [weather] });
    expect(system).toEqual([{ text: 'Be brief.' }, { text: 'Speak English.' }, { text: 'No lists.' }]);
    expect(messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { text: 'I look.' },
          { toolUse: { toolUseId: 'a', name: 'weather', input: { city: 'Bonn' } } },
          { toolUse: { toolUseId: 'b', name: 'weather', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'a', content: [{ text: '12 degrees' }] } },
          { toolResult: { toolUseId: 'b', content: [{ text: 'rain' }] } },
        ],
      },
    ]);
  });

  it('carries images and documents, and says what is wrong with one', () => {
    const parts = [
      { type: 'input_text', text: 'What?' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
      { type: 'input_file', file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' },
    ] as const;
    expect(request({ input: [{ ...hello, role: 'user', content: parts }] }).messages[0]?.content).toEqual([
      { text: 'What?' },
      { image: { format: 'png', bytesBase64: 'AAAA' } },
      { document: { format: 'pdf', name: 'a', source: { bytesBase64: 'AAAA' } } },
    ]);
    const bad = [
      { type: 'input_image', image_url: 'https://example.com/a.png' },
      { type: 'input_file', file_data: 'https://example.com/a.pdf' },
    ] as const;
    expect(violations({ input: [{ ...hello, role: 'user', content: bad }] })).toEqual(
      expect.arrayContaining(['input[0].content[0].image_url', 'input[0].content[1].file_data']),
    );
    expect(violations({ input: [{ ...hello, role: 'system', content: parts }, hello] })).toContain(
      'input[0].content[1].type',
    );
  });

  it('keeps prompts where the caller marks them, and not in results of calls', () => {
    const marked = { type: 'input_text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } } as const;
    const input: readonly InputItem[] = [
      { type: 'message', role: 'system', content: [marked] },
      { type: 'message', role: 'user', content: [marked] },
    ];
    const { system, messages } = request({ input });
    expect([system, messages[0]?.content]).toEqual([
      [{ text: 'x' }, { cachePoint: {} }],
      [{ text: 'x' }, { cachePoint: {} }],
    ]);
    const call: InputItem = { type: 'function_call', call_id: 'a', name: 'weather', arguments: '' };
    const output: InputItem = { type: 'function_call_output', call_id: 'a', output: [marked] };
    expect(violations({ input: [hello, call, output], tools: [weather] })).toEqual([
      'input[2].output[0].prompt_cache_breakpoint',
    ]);
  });

  it('gives thoughts back with their proof, and leaves out those without', () => {
    const blocks = [
      { index: 0, kind: 'reasoning', text: 'Hm.', signature: 'c2ln' },
      { index: 1, kind: 'reasoning-redacted', dataBase64: 'AAAA' },
      { index: 2, kind: 'reasoning', text: 'Unproven.' },
    ] as const;
    const items = blocks.map((block) => outputItem(block, 'rs', 'completed'));
    expect(request({ input: [hello, ...(items as InputItem[])] }).messages[1]).toEqual({
      role: 'assistant',
      content: [{ reasoning: { text: 'Hm.', signature: 'c2ln' } }, { reasoning: { redactedBase64: 'AAAA' } }],
    });
    const foreign: InputItem = { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' };
    expect(violations({ input: [hello, foreign] })).toEqual(['input[1].encrypted_content']);
  });

  it('names everything that is wrong at once', () => {
    const input: readonly InputItem[] = [
      { type: 'message', role: 'user', content: '' },
      { type: 'function_call', call_id: 'a', name: 'weather', arguments: '[1' },
      { type: 'function_call_output', call_id: 'nobody', output: 'x' },
    ];
    const text = { format: { type: 'json_schema', name: 'x', schema: {} } } as const;
    expect(violations({ input, text, tool_choice: 'required' }).toSorted()).toEqual([
      'input',
      'input[0].content',
      'input[1].arguments',
      'text.format.schema',
      'tool_choice',
    ]);
  });
});

describe('options', () => {
  it('keeps what the caller bounds and leaves the rest out', () => {
    expect(request({ max_output_tokens: 9, temperature: 0, top_p: 1 }).inference).toEqual({
      maxTokens: 9,
      temperature: 0,
      topP: 1,
    });
    const none = request({ max_output_tokens: null, parallel_tool_calls: false, service_tier: 'auto' });
    expect(none).toMatchObject({ inference: {} });
    expect([none.bedrock, none.anthropic, none.tools]).toEqual([undefined, undefined, undefined]);
  });

  it('asks for a tier, an effort and one call at most only of targets that know them', () => {
    const changes = { service_tier: 'priority', reasoning: { effort: 'low' } } as const;
    expect(request({ ...changes, tools: [weather], parallel_tool_calls: false })).toMatchObject({
      bedrock: { serviceTier: 'priority', effort: 'low' },
      anthropic: { singleToolCall: true },
    });
  });

  it('forces and allows tools by name', () => {
    const other = { ...weather, name: 'news' };
    const tools = [weather, other];
    expect(request({ tools, tool_choice: { type: 'function', name: 'news' } }).tools?.choice).toEqual({
      kind: 'tool',
      name: 'news',
    });
    const allowed = { type: 'allowed_tools', mode: 'auto', tools: [weather] } as const;
    expect(request({ tools, tool_choice: allowed }).tools?.specifications).toHaveLength(1);
  });

  it('asks for JSON with and without a schema', () => {
    expect(request({ text: {} }).responseFormat).toBeUndefined();
    expect(request({ text: { format: { type: 'json_object' } } }).responseFormat).toEqual({ kind: 'json' });
    const schema = { type: 'object' };
    expect(
      request({ text: { format: { type: 'json_schema', name: 'film', schema } } }).responseFormat,
    ).toEqual({
      kind: 'json-schema',
      name: 'film',
      schema,
    });
  });
});

it('whatever is said in texts and tool inputs arrives as it was said', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.json(), fc.string({ minLength: 1 }), (said, json, result) => {
      const input: readonly InputItem[] = [
        { type: 'message', role: 'user', content: said },
        { type: 'function_call', call_id: 'a', name: 'look', arguments: `{"value":${json}}` },
        { type: 'function_call_output', call_id: 'a', output: result },
      ];
      const { messages } = request({ input, tools: [{ ...weather, name: 'look' }] });
      expect(messages).toEqual([
        { role: 'user', content: [{ text: said }] },
        {
          role: 'assistant',
          content: [{ toolUse: { toolUseId: 'a', name: 'look', input: JSON.parse(`{"value":${json}}`) } }],
        },
        { role: 'user', content: [{ toolResult: { toolUseId: 'a', content: [{ text: result }] } }] },
      ]);
    }),
    { numRuns: 200 },
  );
});
