import { describe, expect, it } from 'vitest';
import { createModelServices } from '#local/services/models.ts';
import { directCall } from '../direct-call.ts';

const [, runtime] = createModelServices({ timeScale: 0 }).services;
const lite = 'amazon.nova-lite-v1:0';

const text = (value: string, role = 'user') => ({ role, content: [{ text: value }] });
const use = (id: string) => ({
  role: 'assistant',
  content: [{ toolUse: { toolUseId: id, name: 'look', input: {} } }],
});
const result = (...ids: string[]) => ({
  role: 'user',
  content: ids.map((toolUseId) => ({ toolResult: { toolUseId, content: [{ text: 'found' }] } })),
});
const tool = (name: string, json: unknown = { type: 'object' }) => ({
  toolSpec: { name, inputSchema: { json } },
});
const tools = { tools: [tool('look')] };
const messages = [text('hi')];
const answering = (schema: unknown) => {
  const jsonSchema = { schema: typeof schema === 'string' ? schema : JSON.stringify(schema) };
  return { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } };
};

/** Each row: the request beside its model, and what the refusal says. */
const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['no messages', {}, 'messages field is empty'],
  ['an empty list', { messages: [] }, 'messages field is empty'],
  ['an assistant first', { messages: [text('hi', 'assistant')] }, 'must start with a user message'],
  ['two users in a row', { messages: [text('a'), text('b')] }, 'must alternate'],
  ['an unknown role', { messages: [text('a', 'robot')] }, 'messages.1.member.role'],
  ['no content', { messages: [{ role: 'user', content: [] }] }, 'Message object at messages.0 is empty'],
  [
    'blank text',
    { messages: [text('a'), text('b', 'assistant'), text(' \n')] },
    'messages.2.content.0 is blank',
  ],
  ['a block without a key', { messages: [{ role: 'user', content: [{}] }] }, 'messages.0.content.0 must set'],
  ['an unknown block', { messages: [{ role: 'user', content: [{ $unknown: ['x', 1] }] }] }, 'must set'],
  [
    'a kind of input that the model cannot read',
    { messages: [{ role: 'user', content: [{ audio: { format: 'mp3', source: {} } }] }] },
    "doesn't support the audio field",
  ],
  ['a blank system prompt', { messages, system: [{ text: '' }] }, 'system.0 is blank'],
  ['zero tokens', { messages, inferenceConfig: { maxTokens: 0 } }, "'inferenceConfig.maxTokens'"],
  [
    'not a number of tokens',
    { messages, inferenceConfig: { maxTokens: Number.NaN } },
    "'inferenceConfig.maxTokens'",
  ],
  [
    'more tokens than the model gives',
    { messages, inferenceConfig: { maxTokens: 1_000_000 } },
    'exceeds the model limit',
  ],
  [
    'a high temperature',
    { messages, inferenceConfig: { temperature: 1.1 } },
    "'inferenceConfig.temperature'",
  ],
  ['a negative topP', { messages, inferenceConfig: { topP: -0.1 } }, "'inferenceConfig.topP'"],
  [
    'an empty stop sequence',
    { messages, inferenceConfig: { stopSequences: [''] } },
    "'inferenceConfig.stopSequences'",
  ],
  ['no tools', { messages, toolConfig: { tools: [] } }, "'toolConfig.tools'"],
  ['a bad tool name', { messages, toolConfig: { tools: [tool('a b')] } }, 'toolSpec.name'],
  ['two tools of one name', { messages, toolConfig: { tools: [tool('a'), tool('a')] } }, 'more than once'],
  [
    'a tool schema of another type',
    { messages, toolConfig: { tools: [tool('a', { type: 'string' })] } },
    'inputSchema.json.type',
  ],
  ['a tool without specification', { messages, toolConfig: { tools: [{}] } }, 'toolConfig.tools.0 must set'],
  [
    'a choice of no tool',
    { messages, toolConfig: { ...tools, toolChoice: { tool: { name: 'other' } } } },
    'The tool other',
  ],
  [
    'tool use without tools',
    { messages: [text('a'), use('1'), result('1')] },
    'toolConfig field must be defined',
  ],
  [
    'a missing result',
    { messages: [text('a'), use('1'), text('b')], toolConfig: tools },
    'for the following Ids: 1',
  ],
  [
    'a result too many',
    { messages: [text('a'), use('1'), result('1', '2')], toolConfig: tools },
    'exceeds the number of toolUse blocks',
  ],
  [
    'structured outputs of a model that has none',
    { messages, ...answering({ type: 'object', additionalProperties: false }) },
    'output_config.format: Extra inputs are not permitted',
  ],
  ['an unknown tier', { messages, serviceTier: { type: 'gold' } }, "'serviceTier.type'"],
  ['an unknown latency', { messages, performanceConfig: { latency: 'warp' } }, "'performanceConfig.latency'"],
  [
    'a guardrail',
    { messages, guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' } },
    'guardrail identifier',
  ],
  ['prompt variables', { messages, promptVariables: { a: { text: 'b' } } }, 'promptVariables'],
  [
    'unknown model fields',
    { messages, additionalModelRequestFields: { surprise: 1 } },
    'extraneous key [surprise]',
  ],
  [
    'fields of another family of models',
    { messages, additionalModelRequestFields: { top_k: 5 } },
    'extraneous key [top_k]',
  ],
];

describe('Converse', () => {
  it.each(refused)('refuses %s', async (_name, request, message) => {
    for (const operation of ['Converse', 'ConverseStream']) {
      const call = directCall(runtime, operation, { modelId: lite, ...request });
      await expect(call).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining(message),
      });
    }
  });

  it('accepts what lies just inside of the limits', async () => {
    const inferenceConfig = { maxTokens: 1, temperature: 1, topP: 0, stopSequences: ['x'] };
    const conversation = [text('a'), use('1'), result('1')];
    const request = {
      modelId: lite,
      messages: conversation,
      toolConfig: tools,
      inferenceConfig,
      additionalModelRequestFields: { inferenceConfig: { topK: 5 } },
    };
    expect(await directCall(runtime, 'Converse', request)).toMatchObject({ stopReason: 'max_tokens' });
  });

  it('refuses models that give no text, and prompts beyond the context', async () => {
    const embed = directCall(runtime, 'Converse', { modelId: 'amazon.titan-embed-text-v2:0', messages });
    await expect(embed).rejects.toThrow("doesn't support the model");
    const long = directCall(runtime, 'Converse', {
      modelId: lite,
      messages: [text('word '.repeat(310_000))],
    });
    await expect(long).rejects.toThrow('Input is too long');
  });
});

describe('structured outputs', () => {
  const oss = 'openai.gpt-oss-120b-1:0';
  const object = (properties: Record<string, unknown>, more = {}) => ({
    type: 'object',
    properties,
    additionalProperties: false,
    ...more,
  });
  const call = (schema: unknown) =>
    directCall(runtime, 'Converse', { modelId: oss, messages, ...answering(schema) });

  it('answer in the schema', async () => {
    const city = { anyOf: [{ $ref: '#/$defs/city' }, { type: 'null' }] };
    const $defs = { city: { type: 'string' } };
    const schema = object({ city, seen: { type: 'array', minItems: 1, items: city } }, { $defs });
    await expect(call(schema)).resolves.toMatchObject({ stopReason: 'end_turn' });
  });

  it.each<readonly [string, unknown, string]>([
    ['no JSON', '{', 'not a valid JSON schema'],
    ['an open object', { type: 'object' }, "'additionalProperties' must be explicitly set to false"],
    [
      'bounds of numbers',
      object({ a: { type: 'number', minimum: 0, maximum: 1 } }),
      "For 'number' type, properties maximum, minimum are not supported",
    ],
    [
      'bounds of lists',
      object({ a: { type: 'array', items: {}, maxItems: 3 } }),
      "For 'array' type, property 'maxItems' is not supported",
    ],
    ['long lists', object({ a: { type: 'array', items: {}, minItems: 2 } }), 'other than 0 or 1'],
    ['one of several', object({ a: { oneOf: [] } }), "'oneOf' is not supported"],
    ['what lies elsewhere', object({ a: { $ref: 'https://example.com/a' } }), 'External $ref'],
    [
      'what holds itself',
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: object({ b: { $ref: '#/$defs/a' } }) } }),
      'Recursive schemas',
    ],
  ])('refuse %s', async (_name, schema, message) => {
    await expect(call(schema)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('a forced tool', () => {
  const forcing = (modelId: string, choice: unknown) =>
    directCall(runtime, 'Converse', { modelId, messages, toolConfig: { ...tools, toolChoice: choice } });
  const named = { tool: { name: 'look' } };

  it('is refused by models that refuse it, in the words of each', async () => {
    const every = 'type "tool" and "any" are not supported for this model';
    for (const choice of [{ any: {} }, named])
      await expect(forcing('global.anthropic.claude-opus-5-5', choice)).rejects.toThrow(every);
    const mistral = 'mistral.mistral-large-2402-v1:0';
    await expect(forcing(mistral, named)).rejects.toThrow('support the toolConfig.toolChoice.tool field');
    await expect(forcing(mistral, { any: {} })).resolves.toMatchObject({ stopReason: 'tool_use' });
  });
});
