/** Calls in every wire format, with a word of its own at every place where a caller may write. */

export interface PlantedCall {
  readonly name: string;
  readonly path: string;
  readonly body: unknown;
}

type Word = (planted: string) => string;

/** A GIF of one pixel with a comment, as photos have their places and owners. */
const gifWith = (comment: string): string =>
  Buffer.concat([
    Buffer.from('47494638396101000100800000000000ffffff21fe', 'hex'),
    Buffer.from([comment.length]),
    Buffer.from(comment),
    Buffer.from('002c00000000010001000002024401003b', 'hex'),
  ]).toString('base64');

const asks = (word: Word, of: string): string =>
  `Reply with "${word(`${of} answer`)}". I am ${word(`${of} name`)}@example.com, and this is ${word(`${of} prompt`)}.`;

function openAiChat(word: Word, model: string, stream: boolean): PlantedCall {
  const of = `chat ${model} ${stream}`;
  const tool = { name: word(`${of} tool`), description: word(`${of} description`) };
  const url = `data:image/gif;base64,${gifWith(word(`${of} image`))}`;
  return {
    name: of,
    path: '/v1/chat/completions',
    body: {
      ...{ model, stream, user: word(`${of} user`), metadata: { note: word(`${of} metadata`) } },
      ...{ stop: [word(`${of} stop`)], max_tokens: 400 },
      tools: [
        {
          type: 'function',
          function: {
            ...tool,
            parameters: { type: 'object', properties: { [word(`${of} property`)]: { type: 'string' } } },
          },
        },
      ],
      messages: [
        { role: 'system', content: word(`${of} system`) },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              ...{ id: 'call_1', type: 'function' },
              function: { name: tool.name, arguments: JSON.stringify({ q: word(`${of} arguments`) }) },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: word(`${of} result`) },
        { role: 'user', content: asks(word, of) },
      ],
    },
  };
}

function plainCalls(word: Word, model: string, stream: boolean): readonly PlantedCall[] {
  const of = (format: string) => `${format} ${model} ${stream}`;
  const user = (format: string) => [{ role: 'user', content: asks(word, of(format)) }];
  const text = (value: string) => [{ text: value }];
  const converse = {
    system: text(word(`${of('converse')} system`)),
    messages: [
      {
        role: 'user',
        content: [
          { text: asks(word, of('converse')) },
          {
            document: {
              ...{ format: 'txt', name: word(`${of('converse')} document`) },
              source: { bytes: Buffer.from(word(`${of('converse')} file`)).toString('base64') },
            },
          },
        ],
      },
    ],
    requestMetadata: { note: word(`${of('converse')} metadata`) },
  };
  return [
    {
      ...{ name: of('plain chat'), path: '/v1/chat/completions' },
      body: { model, stream, messages: user('plain chat'), user: word(`${of('plain chat')} user`) },
    },
    {
      ...{ name: of('responses'), path: '/v1/responses' },
      body: {
        ...{ model, stream, input: asks(word, of('responses')) },
        instructions: word(`${of('responses')} system`),
      },
    },
    {
      ...{ name: of('messages'), path: '/v1/messages' },
      body: {
        ...{ model, stream, max_tokens: 400, system: word(`${of('messages')} system`) },
        messages: user('messages'),
        metadata: { user_id: word(`${of('messages')} user`) },
      },
    },
    {
      ...{ name: of('converse'), path: `/model/${model}/${stream ? 'converse-stream' : 'converse'}` },
      body: converse,
    },
    {
      ...{ name: of('invoke'), path: `/model/${model}/${stream ? 'invoke-with-response-stream' : 'invoke'}` },
      body: {
        schemaVersion: 'messages-v1',
        messages: [{ role: 'user', content: text(asks(word, of('invoke'))) }],
      },
    },
  ];
}

/** Every wire format, plain and streamed. */
export function plantedCalls(word: Word, model: string): readonly PlantedCall[] {
  const count = [{ role: 'user', content: word(`count ${model}`) }];
  return [
    ...[false, true].flatMap((stream) => [
      openAiChat(word, model, stream),
      ...plainCalls(word, model, stream),
    ]),
    { name: `count ${model}`, path: '/v1/messages/count_tokens', body: { model, messages: count } },
    {
      ...{ name: `embeddings ${model}`, path: '/v1/embeddings' },
      body: {
        model: 'embed',
        input: [word(`embeddings ${model} text`)],
        user: word(`embeddings ${model} user`),
      },
    },
  ];
}

export interface PlantedRequest {
  readonly name: string;
  readonly path: string;
  readonly init: RequestInit;
}

/** What is refused before a model hears of it. */
export function refusedRequests(word: Word, key: string): readonly PlantedRequest[] {
  const json = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const good = JSON.stringify({
    model: 'chat-small',
    messages: [{ role: 'user', content: word('refused prompt') }],
  });
  const post = (
    name: string,
    headers: Record<string, string>,
    body: string,
    path = '/v1/chat/completions',
  ) => ({
    ...{ name, path },
    init: { method: 'POST', headers: { ...json, ...headers }, body },
  });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://issuer.example',
    sub: word('jwt subject'),
    email: `${word('jwt mail')}@example.com`,
  };
  const jwt = `${part({ alg: 'RS256', kid: word('jwt key id') })}.${part(claims)}.${word('jwt signature')}`;
  const spoken = (name: string) => post(`header ${name}`, { [name]: word(`header ${name}`) }, good);
  return [
    post('unknown key', { authorization: `Bearer sk-${word('unknown key')}` }, good),
    post('key of Anthropic', { authorization: '', 'x-api-key': word('anthropic key') }, good, '/v1/messages'),
    post('token', { authorization: `Bearer ${jwt}` }, good),
    post(
      'basic',
      {
        authorization: `Basic ${Buffer.from(`${word('basic user')}:${word('password')}`).toString('base64')}`,
      },
      good,
    ),
    post('broken JSON', {}, `{"model":"chat-small","messages":"${word('broken json')}`),
    post(
      'wrong members',
      {},
      JSON.stringify({ model: 'chat-small', messages: word('wrong type'), [word('unknown member')]: 1 }),
    ),
    post('unknown model', {}, JSON.stringify({ ...JSON.parse(good), model: word('unknown model') })),
    post(
      'bad image',
      {},
      JSON.stringify({
        model: 'chat-small',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: `https://example.com/${word('image address')}` } },
            ],
          },
        ],
      }),
    ),
    post('unknown path', {}, good, `/v1/${word('path')}?q=${word('query')}`),
    post('query', {}, good, `/v1/chat/completions?api_key=${word('query key')}`),
    ...[
      ...[
        'user-agent',
        'cookie',
        'x-forwarded-for',
        'x-request-id',
        'idempotency-key',
        'openai-organization',
      ],
      ...['x-spillway-lane', 'x-spillway-residency', 'x-spillway-deadline-ms', 'x-spillway-max-cost-usd'],
      ...['x-spillway-resume', 'traceparent'],
    ].map(spoken),
    post(
      'trace state',
      {
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        tracestate: `vendor=${word('trace state')}`,
        baggage: `user=${word('baggage')}`,
      },
      good,
    ),
    post('explain', {}, good, '/spillway/v1/explain'),
    { name: 'model', path: `/v1/models/${word('model name')}`, init: { headers: json } },
    { name: 'route', path: `/spillway/v1/routes/${word('route name')}`, init: { headers: json } },
    {
      name: 'availability',
      path: `/spillway/v1/availability?region=${word('region')}`,
      init: { headers: json },
    },
    post(
      'operation',
      {},
      JSON.stringify({ target: word('operation target'), reason: word('reason') }),
      '/spillway/v1/operations/disable',
    ),
    { name: 'file', path: `/v1/files/${word('file id')}`, init: { headers: json } },
    { name: 'batch', path: `/v1/batches/${word('batch id')}`, init: { headers: json } },
  ];
}

/** What upstreams say that goes wrong: each quotes what it was sent, as some do. */
export function upstreamFaults(
  word: Word,
): readonly { readonly name: string; readonly rules: readonly object[] }[] {
  const runtime = { service: 'bedrock-runtime' };
  const error = (name: string) => ({
    ...{
      name,
      rules: [{ ...runtime, kind: 'error', error: name, message: `not this: ${word(`${name} quote`)}` }],
    },
  });
  const inStream = (kind: string, more: object = {}) => ({
    name: kind,
    rules: [{ ...runtime, kind, ...more }],
  });
  return [
    error('ValidationException'),
    inStream('stream-exception', { message: word('stream quote'), afterChunks: 1 }),
    inStream('cut-stream', { afterChunks: 2 }),
    inStream('malformed-frame'),
    { name: 'hang', rules: [{ ...runtime, kind: 'hang' }] },
    error('InternalServerException'),
    error('AccessDeniedException'),
    error('ThrottlingException'),
  ];
}
