import { describe, expect, it } from 'vitest';
import { chatRequestOfOpenAi } from '#core/wire/openai/chat-request-of-openai.ts';
import type { OpenAiChatBody, OpenAiMessage } from '#core/wire/openai/openai-chat-body.ts';

const hello: OpenAiMessage = { role: 'user', content: 'hello' };
const body = (changes: Partial<OpenAiChatBody>): OpenAiChatBody => ({
  model: 'chat-small',
  messages: [hello],
  ...changes,
});

function request(changes: Partial<OpenAiChatBody>) {
  const translated = chatRequestOfOpenAi(body(changes));
  if (!translated.ok) throw new Error(JSON.stringify(translated.violations));
  return translated.request;
}

function violations(changes: Partial<OpenAiChatBody>) {
  const translated = chatRequestOfOpenAi(body(changes));
  return translated.ok ? [] : translated.violations.map(({ path }) => path);
}

const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } } as const;
const call = {
  id: 'call-1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"Bonn"}' },
} as const;

describe('a conversation', () => {
  it('cannot hide in the arguments of a call what would break every reader', () => {
    const deep = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const calls = [{ ...call, function: { name: 'weather', arguments: deep } }];
    expect(violations({ messages: [hello, { role: 'assistant', tool_calls: calls }] })).toEqual([
      'messages[1].tool_calls[0].function.arguments',
    ]);
  });

  it('of a hundred thousand neighbours, or of one message with as many parts, takes no time to join', () => {
    const turns = Array.from({ length: 100_000 }, (): OpenAiMessage => hello);
    const parts = Array.from({ length: 200_000 }, () => ({ type: 'text' as const, text: 'a' }));
    const before = process.cpuUsage();
    expect(request({ messages: turns }).messages[0]?.content).toHaveLength(100_000);
    expect(
      request({ messages: [hello, { role: 'user', content: parts }] }).messages[0]?.content,
    ).toHaveLength(200_001);
    // Copied for each neighbour it takes a minute. In microseconds of this process, whatever else the machine does.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5_000);
  });

  it('has system and developer texts apart, and neighbours of one role as one message', () => {
    const messages: OpenAiMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Speak English.' }] },
      hello,
      { role: 'user', content: 'again' },
      { role: 'assistant', content: 'hi' },
      hello,
    ];
    expect(request({ messages })).toMatchObject({
      system: [{ text: 'Be brief.' }, { text: 'Speak English.' }],
      messages: [
        { role: 'user', content: [{ text: 'hello' }, { text: 'again' }] },
        { role: 'assistant', content: [{ text: 'hi' }] },
        { role: 'user', content: [{ text: 'hello' }] },
      ],
    });
  });

  it('carries tool calls and their results', () => {
    const messages: OpenAiMessage[] = [
      hello,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call-1', content: '12 degrees' },
    ];
    expect(request({ messages, tools: [weather] }).messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [{ toolUse: { toolUseId: 'call-1', name: 'weather', input: { city: 'Bonn' } } }],
      },
      { role: 'user', content: [{ toolResult: { toolUseId: 'call-1', content: [{ text: '12 degrees' }] } }] },
    ]);
  });

  it('keeps prompts where the caller marks them, and not in results of calls', () => {
    const marked = { type: 'text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } } as const;
    const messages: OpenAiMessage[] = [
      { role: 'system', content: [marked] },
      { role: 'user', content: [marked] },
      { role: 'assistant', content: [marked], tool_calls: [call] },
    ];
    const point = [{ text: 'x' }, { cachePoint: {} }];
    const kept = request({ messages });
    expect([kept.system, kept.messages[0]?.content]).toEqual([point, point]);
    expect(kept.messages[1]?.content.slice(0, 2)).toEqual(point);
    const result: OpenAiMessage = { role: 'tool', tool_call_id: 'call-1', content: [marked] };
    expect(violations({ messages: [...messages, result] })).toEqual([
      'messages[3].content[0].prompt_cache_breakpoint',
    ]);
  });

  it('carries images that come along and refuses to fetch one', () => {
    const image = (url: string): OpenAiMessage => ({
      role: 'user',
      content: [{ type: 'image_url', image_url: { url } }],
    });
    expect(request({ messages: [image('data:image/png;base64,AAAA')] }).messages[0]?.content).toEqual([
      { image: { format: 'png', bytesBase64: 'AAAA' } },
    ]);
    const path = 'messages[0].content[0].image_url.url';
    for (const url of [
      'https://example.com/a.png',
      'data:image/svg+xml;base64,AAAA',
      'data:image/png;base64,A',
      'data:image/png,AAAA',
      'data:',
      '',
    ]) {
      expect(violations({ messages: [image(url)] })).toContain(path);
    }
  });

  it('names everything that is wrong at once', () => {
    const messages: OpenAiMessage[] = [
      { role: 'assistant', content: '' },
      { role: 'tool', tool_call_id: 'nobody', content: 'x' },
      { role: 'assistant', tool_calls: [{ ...call, function: { name: 'weather', arguments: '[1' } }] },
    ];
    const named = violations({ messages, tool_choice: 'required', max_tokens: 5, max_completion_tokens: 6 });
    expect(named.toSorted()).toEqual([
      'max_tokens',
      'messages',
      'messages',
      'messages[0]',
      'messages[2].tool_calls[0].function.arguments',
      'tool_choice',
    ]);
  });

  it('must hold a message of the user', () => {
    expect(violations({ messages: [{ role: 'system', content: 'x' }] })).toEqual(['messages']);
    expect(violations({ messages: [{ role: 'user', content: '' }] })).toEqual(['messages[0].content']);
  });
});

describe('options', () => {
  it('keeps what the caller bounds and leaves the rest out', () => {
    expect(request({ max_completion_tokens: 9, temperature: 0, top_p: 1, stop: 'END' }).inference).toEqual({
      maxTokens: 9,
      temperature: 0,
      topP: 1,
      stopSequences: ['END'],
    });
    expect(request({ max_tokens: null, temperature: null, stop: null }).inference).toEqual({});
  });

  it.each([
    ['auto', { kind: 'auto' }],
    ['required', { kind: 'any' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { kind: 'tool', name: 'weather' },
    ],
  ] as const)('reads the tool choice %j', (choice, kind) => {
    expect(request({ tools: [weather], tool_choice: choice }).tools?.choice).toEqual(kind);
  });

  it('leaves tools out when none may be called, unless the conversation already used them', () => {
    expect(request({ tools: [weather], tool_choice: 'none' }).tools).toBeUndefined();
    const messages: OpenAiMessage[] = [
      hello,
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call-1', content: 'x' },
    ];
    expect(request({ messages, tools: [weather], tool_choice: 'none' }).tools?.choice).toEqual({
      kind: 'none',
    });
  });

  it('refuses a forced tool that is none, and two tools of one name', () => {
    expect(
      violations({ tools: [weather], tool_choice: { type: 'function', function: { name: 'x' } } }),
    ).toEqual(['tool_choice']);
    expect(violations({ tools: [weather, weather] })).toEqual(['tools']);
  });

  it('asks for JSON with and without a schema', () => {
    const schema = { type: 'object' };
    expect(request({ response_format: { type: 'text' } }).responseFormat).toBeUndefined();
    expect(request({ response_format: { type: 'json_object' } }).responseFormat).toEqual({ kind: 'json' });
    expect(
      request({ response_format: { type: 'json_schema', json_schema: { name: 'place', schema } } })
        .responseFormat,
    ).toEqual({ kind: 'json-schema', name: 'place', schema });
    expect(
      violations({
        response_format: { type: 'json_schema', json_schema: { name: 'place', schema: { type: 'array' } } },
      }),
    ).toEqual(['response_format.json_schema.schema']);
  });
});

describe('how tokens are drawn', () => {
  it('is a need where it asks for something', () => {
    expect(
      request({ seed: 7, frequency_penalty: 0.5, presence_penalty: -1, logit_bias: { 12: -100 } }).sampling,
    ).toEqual({ seed: 7, frequencyPenalty: 0.5, presencePenalty: -1, logitBias: { 12: -100 } });
    expect(request({ seed: 0 }).sampling).toEqual({ seed: 0 });
  });

  it('is none where it asks for nothing', () => {
    const nothing = { seed: null, frequency_penalty: 0, presence_penalty: 0, logit_bias: {} };
    expect(request(nothing)).toEqual(request({}));
  });
});

it.each([
  [{ role: 'assistant', content: null, refusal: 'I cannot.' }, ['I cannot.']],
  [{ role: 'assistant', refusal: 'I cannot.' }, ['I cannot.']],
  [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'I cannot.' }] }, ['I cannot.']],
  [{ role: 'assistant', content: 'Well.', refusal: 'I cannot.' }, ['Well.', 'I cannot.']],
] as const)('takes a refusal of an earlier turn as what the assistant said: %j', (turn, texts) => {
  const { messages } = request({ messages: [hello, turn, hello] });
  expect(messages[1]).toEqual({ role: 'assistant', content: texts.map((text) => ({ text })) });
});

it('hands strict on where it is asked for', () => {
  const strictOf = (strict: boolean | null) =>
    request({ tools: [{ type: 'function', function: { name: 'look', strict } }] }).tools?.specifications[0];
  expect(strictOf(true)).toHaveProperty('strict', true);
  expect(strictOf(false)).not.toHaveProperty('strict');
  expect(strictOf(null)).not.toHaveProperty('strict');
});
