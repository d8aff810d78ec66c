import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { refusalOf } from '#test/builders/gateway-refusal.ts';

const messages = [{ role: 'user', content: 'hello' }];
const good = { model: 'chat-small', messages };

describe('a body', () => {
  it.each([
    ['an unknown field', { ...good, colour: 1 }, 'colour'],
    ['a field that no target honours', { ...good, logprobs: true }, 'logprobs'],
    ['more than one answer', { ...good, n: 2 }, 'n'],
    [
      'an unknown field of a message',
      { ...good, messages: [{ ...messages[0], mood: 1 }] },
      'messages[0].mood',
    ],
    ['an unknown role', { ...good, messages: [{ role: 'boss', content: 'x' }] }, 'messages[0].role'],
    [
      'a part of an unknown type',
      { ...good, messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
      'messages[0].content[0].type',
    ],
    [
      'a remote image',
      {
        ...good,
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
        ],
      },
      'messages[0].content[0].image_url.url',
    ],
    ['no messages', { model: 'chat-small' }, 'messages'],
    ['a fraction of a token', { ...good, max_tokens: 1.5 }, 'max_tokens'],
    ['no token', { ...good, max_completion_tokens: 0 }, 'max_completion_tokens'],
    ['a model that is a number', { model: 7, messages }, 'model'],
    ['a stream that is a word', { ...good, stream: 'yes' }, 'stream'],
  ])('with %s is refused by name', async (_, body, param) => {
    const { post } = aGateway();
    expect(await refusalOf(await post('/v1/chat/completions', body))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param,
    });
  });

  it('names all violations at once', async () => {
    const { post } = aGateway();
    const { message } = await refusalOf(
      await post('/v1/chat/completions', { messages: [], colour: 1, top_p: 3 }),
    );
    for (const path of ['model', 'messages', 'colour', 'top_p']) expect(message).toContain(`${path}: `);
  });

  it('may carry labels that change no answer', async () => {
    const { chat } = aGateway();
    const labels = {
      user: 'u',
      metadata: { team: 'a' },
      store: true,
      n: 1,
      parallel_tool_calls: true,
      stream_options: null,
      safety_identifier: 's',
    };
    expect((await chat(labels)).status).toBe(200);
  });
});

describe('a model', () => {
  it.each(['nobody', '__proto__', 'constructor', 'toString', 'a\nb'])(
    'called %j is not found',
    async (model) => {
      const { chat } = aGateway();
      expect(await refusalOf(await chat({ model }))).toMatchObject({
        status: 404,
        code: 'model_not_found',
        param: 'model',
      });
    },
  );

  it('that makes embeddings does not chat', async () => {
    const { chat } = aGateway();
    expect(await refusalOf(await chat({ model: 'embed' }))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: 'model',
    });
  });

  it('that is another tenant’s is not allowed, and is not listed', async () => {
    const identify = async () => ({
      name: 'small',
      residencies: ['us'],
      defaultResidency: 'us',
      models: ['chat-small'],
    });
    const { chat, get } = aGateway({ overrides: { tenants: { identify } } });
    expect(await refusalOf(await chat({ model: 'chat-large' }))).toMatchObject({
      status: 403,
      code: 'model_not_allowed',
    });
    expect(await (await get('/v1/models')).json()).toMatchObject({
      object: 'list',
      data: [{ id: 'chat-small', object: 'model' }],
    });
    expect((await get('/v1/models/chat-large')).status).toBe(404);
    expect((await get('/v1/models/chat-small')).status).toBe(200);
  });
});

it('answers any JSON and any bytes with a clear 4xx, and calls no model for them', async () => {
  const { post, invoker } = aGateway();
  const near = fc.record(
    { model: fc.anything(), messages: fc.anything(), tools: fc.anything(), stop: fc.anything() },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    near.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const response = await post('/v1/chat/completions', text);
      const { error } = (await response.json()) as {
        readonly error: { readonly code: string; readonly type: string };
      };
      expect([400, 404, 413]).toContain(response.status);
      expect([error.code.length > 0, error.type]).toEqual([true, 'invalid_request_error']);
    }),
    { numRuns: 2000 },
  );
  expect(invoker.calls).toEqual([]);
});
