import { describe, expect, it } from 'vitest';
import { containerBody, sentBody } from '#adapters/aws/container-body.ts';
import { chatRequest } from '#test/builders/model-call.ts';

const options = { servedModel: 'served', maxTokens: 64, stream: false };
const bodyOf = (overrides: Parameters<typeof chatRequest>[0]) =>
  JSON.parse(containerBody(chatRequest(overrides), options));

describe('containerBody', () => {
  it('asks a plain answer without stream options', () => {
    expect(bodyOf({ inference: { temperature: 0, topP: 0, stopSequences: [] } })).toEqual({
      model: 'served',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 64,
      temperature: 0,
      top_p: 0,
      stop: [],
      stream: false,
    });
  });

  it.each([
    [{ kind: 'auto' }, 'auto'],
    [{ kind: 'any' }, 'required'],
    [{ kind: 'none' }, 'none'],
    [
      { kind: 'tool', name: 'weather' },
      { type: 'function', function: { name: 'weather' } },
    ],
  ] as const)('spells the tool choice %j as OpenAI does', (choice, wire) => {
    const tools = { specifications: [{ name: 'weather', inputSchema: {} }], choice };
    expect(bodyOf({ tools }).tool_choice).toEqual(wire);
  });

  it('asks for strict tools where the caller does', () => {
    const specifications = [
      { name: 'weather', inputSchema: {}, strict: true },
      { name: 'news', inputSchema: {} },
    ];
    const { tools } = bodyOf({ tools: { specifications, choice: { kind: 'auto' } } });
    expect(tools).toEqual([
      { type: 'function', function: { name: 'weather', parameters: {}, strict: true } },
      { type: 'function', function: { name: 'news', parameters: {} } },
    ]);
  });

  it('says of an assistant that only called tools that it said nothing', () => {
    const toolUse = { toolUseId: 't', name: 'weather', input: { a: 1 } };
    const { messages } = bodyOf({ messages: [{ role: 'assistant', content: [{ toolUse }] }] });
    expect(messages[0].content).toBeNull();
    expect(messages[0].tool_calls[0].function).toEqual({ name: 'weather', arguments: '{"a":1}' });
  });

  it('tells what a JSON answer is for', () => {
    const schema = { type: 'object' };
    const responseFormat = { kind: 'json-schema', name: 'film', description: 'A film.', schema } as const;
    expect(bodyOf({ responseFormat }).response_format.json_schema).toEqual({
      name: 'film',
      description: 'A film.',
      schema,
      strict: true,
    });
  });

  it('asks for any JSON where no schema is given', () => {
    expect(bodyOf({ responseFormat: { kind: 'json' } }).response_format).toEqual({ type: 'json_object' });
  });

  it('puts tool results before what the user says next, in order', () => {
    const { messages } = bodyOf({
      messages: [
        {
          role: 'user',
          content: [
            { text: 'next' },
            { toolResult: { toolUseId: 'a', content: [{ text: '1' }, { text: '2' }] } },
            { toolResult: { toolUseId: 'b', content: [] } },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'tool', tool_call_id: 'a', content: '1\n2' },
      { role: 'tool', tool_call_id: 'b', content: '' },
      { role: 'user', content: 'next' },
    ]);
  });

  it('leaves cache points out, and shows an image of a tool beside its text', () => {
    const { messages } = bodyOf({
      system: [{ text: 'be brief' }, { cachePoint: {} }],
      messages: [
        { role: 'user', content: [{ text: 'look' }, { cachePoint: {} }] },
        {
          role: 'assistant',
          content: [{ reasoning: { text: 'hm' } }, { toolUse: { toolUseId: 't', name: 'look', input: {} } }],
        },
        {
          role: 'user',
          content: [
            {
              toolResult: {
                toolUseId: 't',
                content: [{ json: { sun: true } }, { image: { format: 'png', bytesBase64: 'AA==' } }],
              },
            },
          ],
        },
      ],
    });
    expect(messages).toMatchObject([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'look' },
      { role: 'assistant', reasoning_content: 'hm', content: null },
      { role: 'tool', content: '{"sun":true}' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] },
    ]);
  });
});

it('says how tokens are drawn in OpenAI’s words', () => {
  const sampling = { seed: 7, frequencyPenalty: 0.5, presencePenalty: -1, logitBias: { 12: -100 } };
  expect(bodyOf({ sampling })).toMatchObject({
    seed: 7,
    frequency_penalty: 0.5,
    presence_penalty: -1,
    logit_bias: { 12: -100 },
  });
});

describe('both kinds of bodies', () => {
  const said = [{ role: 'user', content: 'hello' }];

  it('begin with the model and what was said, which is what prefix-aware routing goes by', () => {
    const beginning = `{"model":"served","messages":${JSON.stringify(said)},`;
    const members = { temperature: 0, stop: null, stream: true, model: 'theirs', messages: said };
    expect(sentBody(members, options)).toBe(`${beginning}"temperature":0,"stream":false,"max_tokens":64}`);
    expect(containerBody(chatRequest({ inference: { temperature: 0 } }), options)).toContain(beginning);
  });
});
