/** The official Anthropic client as the judge of the Messages format, against the whole product. */
import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, lastSeq, modelCallsSince, pdfBase64, pngBase64, runsOf } from './model-calls.ts';

type Create = Anthropic.MessageCreateParamsNonStreaming;
type Events = readonly Anthropic.RawMessageStreamEvent[];

const model = 'chat-large';
const question = 'Describe the tide in two sentences, please.';
const ask: Create = { model, max_tokens: 2048, messages: [{ role: 'user', content: question }] };
const thinking = { type: 'enabled', budget_tokens: 1024 } as const;
/** Anthropic's own text for it: the model thinks in hiding. */
const thinkHidden =
  'ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB';
const weather: Anthropic.Tool = {
  name: 'weather',
  description: 'The weather of a city.',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};
let spillway: SpillwayProcess;
let client: Anthropic;

beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
  client = by('us-east-1', 'us');
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

function by(region: string, residency: string, apiKey = 'sk-local'): Anthropic {
  return new Anthropic({
    baseURL: spillway.gatewayUrl(region),
    apiKey,
    authToken: null,
    maxRetries: 0,
    defaultHeaders: { 'x-spillway-residency': residency },
  });
}

async function eventsOf(stream: AsyncIterable<Anthropic.RawMessageStreamEvent>): Promise<Events> {
  const events: Anthropic.RawMessageStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');

/** A helper's stream, or the plain call: the whole message either way. */
const messageOf = (stream: boolean, body: Create): Promise<Anthropic.Message> =>
  stream ? client.messages.stream(body).finalMessage() : client.messages.create(body);

describe('messages', () => {
  it('are answered plainly, in the shape that the client knows, with exact usage', async () => {
    const message = await client.messages.create({ ...ask, system: 'Be brief.', metadata: { user_id: 'u' } });
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(message.id).toMatch(/^msg_/);
    expect(message._request_id).toBe(message.id.slice('msg_'.length));
    expect(textOf(message)).toContain('tide');
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    expect(message.usage).not.toHaveProperty('estimated');
  });

  it('are streamed in Anthropic’s order, to the same message', async () => {
    const plain = await client.messages.create(ask);
    const events = await eventsOf(await client.messages.create({ ...ask, stream: true }));
    expect(runsOf(events.map(({ type }) => type))).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const final = await client.messages.stream(ask).finalMessage();
    expect(textOf(final)).toBe(textOf(plain));
    expect(final.stop_reason).toBe('end_turn');
    expect(final.usage).toEqual(plain.usage);
  });

  it.each([false, true])('go through a loop of tools (stream: %s)', async (stream) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'The weather in Oslo?' }];
    const body = { ...ask, messages, tools: [weather] };
    const first = await messageOf(stream, body);
    expect(first.stop_reason).toBe('tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    if (call === undefined) throw new Error(`no call in ${JSON.stringify(first.content)}`);
    expect(typeof (call.input as { city?: unknown }).city).toBe('string');
    const result = { type: 'tool_result', tool_use_id: call.id, content: '12 degrees and rain' } as const;
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: [result] });
    const answer = 'The tool weather returned: 12 degrees and rain.';
    expect(textOf(await messageOf(stream, body))).toContain(answer);
    const none = { ...body, tool_choice: { type: 'none' } } as const;
    expect(textOf(await messageOf(stream, none))).toContain(answer);
  });

  it('run the client’s own loop of tools', async () => {
    const tool = { ...weather, run: () => '12 degrees and rain', parse: (input: unknown) => input };
    const final = await client.beta.messages.toolRunner({
      ...ask,
      messages: [{ role: 'user', content: 'The weather in Oslo?' }],
      tools: [tool as never],
    });
    expect(JSON.stringify(final)).toContain('The tool weather returned: 12 degrees and rain.');
  });

  it('call the tool that is forced, and one at most where that is asked', async () => {
    const tools = [{ ...weather, name: 'news' }, weather];
    const choices = [
      { type: 'tool', name: 'weather' },
      { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    ] as const;
    for (const tool_choice of choices) {
      const forced = await client.messages.create({ ...ask, tools, tool_choice });
      expect(forced.content).toMatchObject([{ type: 'tool_use', name: 'weather' }]);
    }
    const none = { ...ask, messages: [{ role: 'user' as const, content: 'The weather?' }], tools };
    const answer = await client.messages.create({ ...none, tool_choice: { type: 'none' } });
    expect(answer.stop_reason).toBe('end_turn');
  });

  it('cost what a count of their tokens says', async () => {
    const { messages } = ask;
    const { input_tokens } = await client.messages.countTokens({ model, messages, tools: [weather] });
    const message = await client.messages.create({ ...ask, tools: [weather] });
    expect(message.usage.input_tokens).toBe(input_tokens);
  });

  it('name the sequence that ended the answer', async () => {
    const stop_sequences = ['never there', 'answering'];
    for (const stream of [false, true]) {
      const message = await messageOf(stream, { ...ask, stop_sequences });
      expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'answering' });
    }
  });

  it('carry images, documents and marks for the cache', async () => {
    const mark = { cache_control: { type: 'ephemeral' as const, ttl: '1h' as const } };
    const message = await client.messages.create({
      ...ask,
      system: [{ type: 'text', text: 'Be brief.', ...mark }],
      tools: [{ ...weather, ...mark }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pngBase64 } },
            {
              type: 'document',
              title: 'Tides: a story',
              source: { type: 'base64', media_type: 'application/pdf', data: pdfBase64 },
              cache_control: { type: 'ephemeral' },
            },
          ],
        },
      ],
    });
    expect(textOf(message)).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('answer JSON that satisfies a schema', async () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, year: { type: 'integer' } },
      required: ['title', 'year'],
      additionalProperties: false,
    };
    const body = { ...ask, output_config: { format: { type: 'json_schema' as const, schema } } };
    for (const stream of [false, true]) {
      const film = JSON.parse(textOf(await messageOf(stream, body))) as { title: unknown; year: unknown };
      expect(typeof film.title).toBe('string');
      expect(Number.isInteger(film.year)).toBe(true);
    }
  });
});

describe('a model in a container of its own', () => {
  const small: Create = { ...ask, model: 'chat-small' };

  it.each([false, true])('answers in the same format (stream: %s)', async (stream) => {
    const from = await lastSeq(spillway);
    const message = await messageOf(stream, small);
    expect(message).toMatchObject({ model: 'chat-small', stop_reason: 'end_turn' });
    expect(textOf(message)).toContain('tide');
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    const [call] = await modelCallsSince(spillway, from);
    expect(call?.service).toBe('sagemaker-runtime');
  });

  it.each([false, true])('goes through a loop of tools (stream: %s)', async (stream) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'The weather in Oslo?' }];
    const body = { ...small, messages, tools: [weather] };
    const first = await messageOf(stream, body);
    const call = first.content.find((block) => block.type === 'tool_use');
    if (call === undefined) throw new Error(`no call in ${JSON.stringify(first.content)}`);
    const result = { type: 'tool_result', tool_use_id: call.id, content: 'rain' } as const;
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: [result] });
    expect(textOf(await messageOf(stream, body))).toContain('The tool weather returned: rain.');
  });
});

describe('thinking', () => {
  it.each([false, true])('comes signed and is taken back (stream: %s)', async (stream) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'The weather in Oslo?' }];
    const body = { ...ask, thinking, messages, tools: [weather] };
    const first = await messageOf(stream, body);
    const [thought, call] = first.content;
    expect(thought).toMatchObject({
      type: 'thinking',
      thinking: expect.stringContaining('Oslo'),
      signature: expect.stringMatching(/./),
    });
    if (call?.type !== 'tool_use') throw new Error(`no call in ${JSON.stringify(first.content)}`);
    const result = { type: 'tool_result', tool_use_id: call.id, content: 'rain' } as const;
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: [result] });
    const second = await messageOf(stream, body);
    expect(textOf(second)).toContain('The tool weather returned: rain.');
  });

  it.each([false, true])('comes hidden and is taken back (stream: %s)', async (stream) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: thinkHidden }];
    const body = { ...ask, thinking, messages };
    const first = await messageOf(stream, body);
    expect(first.content).toMatchObject([
      { type: 'redacted_thinking', data: expect.stringMatching(/./) },
      { type: 'text' },
    ]);
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: question });
    expect((await messageOf(stream, body)).stop_reason).toBe('end_turn');
  });

  it('that was changed is refused by the model, in the client’s own error', async () => {
    const forged = { type: 'thinking', thinking: 'x', signature: 'forged' } as const;
    const messages: Anthropic.MessageParam[] = [
      ...ask.messages,
      { role: 'assistant', content: [forged, { type: 'text', text: 'y' }] },
      ...ask.messages,
    ];
    expect(await failure(client.messages.create({ ...ask, messages }))).toBeInstanceOf(BadRequestError);
  });
});

describe('refusals', () => {
  it('are the client’s own errors, by name and with the reason, all at once', async () => {
    const error = await failure(
      client.messages.create({
        ...ask,
        container: 'c',
        thinking: { type: 'between_tools' } as never,
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } }],
          },
        ],
      }),
    );
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ type: 'invalid_request_error', errorCode: 'invalid_request' });
    expect((error as APIError).requestID).toMatch(/./);
    for (const path of [
      'container',
      'thinking.type',
      'tools[0].type',
      'messages[0].content[0].source.type',
    ]) {
      expect((error as APIError).message).toContain(`${path}: `);
    }
  });

  it('name a preview that is not known, and a version', async () => {
    const headers = { 'anthropic-beta': 'dreams-2030-01-01', 'anthropic-version': '2020-01-01' };
    const error = await failure(client.messages.create(ask, { headers }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect((error as APIError).message).toMatch(/anthropic-version: .*anthropic-beta: .*dreams-2030/);
    const known = { 'anthropic-beta': 'interleaved-thinking-2025-05-14,prompt-caching-2024-07-31' };
    const answer = await client.messages.create(ask, { headers: known });
    expect(answer.stop_reason).toBe('end_turn');
  });

  it('say that no target can honour what only Anthropic’s models know', async () => {
    const error = await failure(client.messages.create({ ...ask, model: 'chat-small', top_k: 5 } as Create));
    expect(error).toBeInstanceOf(BadRequestError);
    expect((error as APIError).message).toContain('capability-missing');
    // The example's model takes a budget, and leaves it to nobody else how much it thinks.
    const adaptive = await failure(client.messages.create({ ...ask, thinking: { type: 'adaptive' } }));
    expect((adaptive as APIError).message).toContain('capability-missing');
    const answer = await client.messages.create({ ...ask, top_k: 5 } as Create);
    expect(answer.stop_reason).toBe('end_turn');
  });

  it.each([false, true])('have the client’s class of each status (stream: %s)', async (stream) => {
    const asked = (from: Anthropic, body: Create = ask) =>
      failure(from.messages.create({ ...body, stream } as Create));
    const stranger = await asked(by('us-east-1', 'us', 'sk-wrong'));
    expect(stranger).toBeInstanceOf(AuthenticationError);
    expect(stranger).toMatchObject({ type: 'authentication_error', errorCode: 'invalid_api_key' });
    const nameless = await asked(client, { ...ask, model: 'none' });
    expect(nameless).toBeInstanceOf(NotFoundError);
    expect(nameless).toMatchObject({ type: 'not_found_error', errorCode: 'model_not_found' });
    const forbidden = await asked(by('eu-central-1', 'frankfurt'));
    expect(forbidden).toBeInstanceOf(PermissionDeniedError);
    expect(forbidden).toMatchObject({ type: 'permission_error', errorCode: 'no_lawful_target' });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'throttle', retryAfterSeconds: 1 },
    ]);
    const throttled = await asked(by('ap-northeast-1', 'japan'));
    expect(throttled).toBeInstanceOf(RateLimitError);
    expect(throttled).toMatchObject({ type: 'rate_limit_error', errorCode: 'capacity_exhausted' });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'error', error: 'InternalServerException' },
    ]);
    const failed = await asked(by('eu-west-1', 'eu'));
    expect(failed).toBeInstanceOf(InternalServerError);
    expect(failed).toMatchObject({ status: 502, type: 'api_error', errorCode: 'upstream_failed' });
  });
});

describe('a call that ends early', () => {
  it.each([false, true])('takes the call to the model along (stream: %s)', async (stream) => {
    const { error, calls } = await leaveDuringCall(spillway, (signal) =>
      stream
        ? client.messages.stream(ask, { signal }).finalMessage()
        : client.messages.create(ask, { signal }),
    );
    expect(error).toBeInstanceOf(Anthropic.APIUserAbortError);
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it.each(['cut-stream', 'stream-exception', 'malformed-frame', 'reset'])(
    'throws where a stream breaks by %s, and nobody answers twice',
    async (kind) => {
      await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', kind, afterChunks: 3 }]);
      const from = await lastSeq(spillway);
      const seen: string[] = [];
      const broken = await failure(
        (async () => {
          for await (const { type } of await client.messages.create({ ...ask, stream: true }))
            seen.push(type);
        })(),
      );
      expect(broken).toBeInstanceOf(APIError);
      expect(broken).toMatchObject({ type: 'api_error', errorCode: 'stream_interrupted' });
      expect(runsOf(seen)).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
      expect(await modelCallsSince(spillway, from)).toHaveLength(1);
    },
  );

  it('tells an overload as one', async () => {
    await spillway.control('PUT', 'faults', [
      {
        service: 'bedrock-runtime',
        kind: 'stream-exception',
        operation: 'ConverseStream',
        error: 'ThrottlingException',
        afterChunks: 3,
      },
    ]);
    const error = await failure(client.messages.stream(ask).finalMessage());
    expect(error).toMatchObject({ type: 'overloaded_error', errorCode: 'stream_interrupted' });
  });
});

describe('models', () => {
  it('are listed, paged and found as the client knows them', async () => {
    const names: string[] = [];
    for await (const { id, type, display_name } of client.models.list({ limit: 2 })) {
      expect([type, display_name]).toEqual(['model', id]);
      names.push(id);
    }
    expect(names.sort()).toEqual(['chat-large', 'chat-small', 'embed']);
    expect((await client.models.retrieve('chat-large')).id).toBe('chat-large');
    expect(await failure(client.models.retrieve('none'))).toBeInstanceOf(NotFoundError);
    const stranger = by('us-east-1', 'us', 'sk-wrong');
    expect(await failure(stranger.models.list())).toMatchObject({ errorCode: 'invalid_api_key' });
  });
});
