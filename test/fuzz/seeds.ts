/** A good call of every wire format: what the fuzzer bends. */

/** Stands in every text that a caller sends: whatever it reaches besides the target is a leak. */
export const plantedToken = 'planted-9f2c7a';

export interface Seed {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const text = `Say hello to ${plantedToken}.`;
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

const openAiTool = {
  type: 'function',
  function: { name: 'weather', description: 'tells', parameters: schema },
};
const openAiTurns = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
    ],
  },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rom"}' } },
    ],
  },
  { role: 'tool', tool_call_id: 'call_1', content: '21 degrees' },
];

const anthropicTurns = [
  {
    role: 'user',
    content: [
      { type: 'text', text, cache_control: { type: 'ephemeral' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
    ],
  },
  {
    role: 'assistant',
    content: [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rom' } }],
  },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 degrees' }] },
];
const anthropicTools = [{ name: 'weather', description: 'tells', input_schema: schema }];

const converse = {
  system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
  messages: [
    { role: 'user', content: [{ text }, { image: { format: 'png', source: { bytes: pixel } } }] },
    {
      role: 'assistant',
      content: [{ toolUse: { toolUseId: 'tooluse_1', name: 'weather', input: { city: 'Rom' } } }],
    },
    {
      role: 'user',
      content: [
        { toolResult: { toolUseId: 'tooluse_1', content: [{ json: { degrees: 21 } }], status: 'success' } },
      ],
    },
  ],
  inferenceConfig: { maxTokens: 64, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
  toolConfig: {
    tools: [{ toolSpec: { name: 'weather', inputSchema: { json: schema } } }],
    toolChoice: { auto: {} },
  },
  requestMetadata: { team: 'blue' },
};

const native = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 64,
  messages: anthropicTurns,
  tools: anthropicTools,
};

export const seeds: readonly Seed[] = [
  {
    path: '/v1/chat/completions',
    body: { model: 'chat-small', messages: [{ role: 'user', content: text }] },
  },
  {
    path: '/v1/chat/completions',
    body: {
      model: 'chat-large',
      messages: openAiTurns,
      tools: [openAiTool],
      tool_choice: 'auto',
      max_tokens: 64,
    },
  },
  {
    path: '/v1/chat/completions',
    body: {
      model: 'chat-small',
      messages: [{ role: 'user', content: text }],
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema } },
    },
  },
  {
    path: '/v1/responses',
    body: {
      model: 'chat-large',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text }] },
        { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Rom"}' },
        { type: 'function_call_output', call_id: 'call_1', output: '21 degrees' },
      ],
      tools: [{ type: 'function', name: 'weather', parameters: schema, strict: false }],
      max_output_tokens: 64,
    },
  },
  { path: '/v1/responses', body: { model: 'chat-small', input: text, stream: true } },
  {
    path: '/v1/embeddings',
    body: { model: 'embed', input: [text, 'another'], encoding_format: 'float', dimensions: 256 },
  },
  { path: '/v1/embeddings', body: { model: 'embed', input: text } },
  {
    path: '/v1/messages',
    body: {
      model: 'chat-large',
      max_tokens: 2048,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: anthropicTurns,
      tools: anthropicTools,
      thinking: { type: 'enabled', budget_tokens: 1024 },
    },
  },
  {
    path: '/v1/messages',
    body: { model: 'chat-small', max_tokens: 64, messages: [{ role: 'user', content: text }], stream: true },
  },
  {
    path: '/v1/messages/count_tokens',
    body: { model: 'chat-large', messages: anthropicTurns, tools: anthropicTools },
  },
  { path: '/model/chat-large/converse', body: converse },
  { path: '/model/chat-small/converse-stream', body: { messages: [{ role: 'user', content: [{ text }] }] } },
  { path: '/model/chat-large/invoke', body: native },
  { path: '/model/chat-large/invoke-with-response-stream', body: native },
  { path: '/model/embed/invoke', body: { inputText: text, dimensions: 256, normalize: true } },
  { path: '/model/chat-large/count-tokens', body: { input: { converse: { messages: converse.messages } } } },
  {
    path: '/spillway/v1/explain',
    body: { model: 'chat-small', messages: [{ role: 'user', content: text }] },
  },
];
