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
    'a schema that is no JSON',
    {
      messages,
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{' } } } },
    },
    'not a valid JSON schema',
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
