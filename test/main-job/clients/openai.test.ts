/** The official OpenAI client as the judge of both of its formats, against the whole product. */
import OpenAI, {
  APIError,
  AuthenticationError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { zodFunction, zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import type { Response, ResponseInput, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { cutStreams } from './cut-streams.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, lastSeq, modelCallsSince, pdfBase64, pngBase64, runsOf } from './model-calls.ts';

const model = 'chat-large';
const question = 'Describe the tide in two sentences, please.';
const film = z.object({ title: z.string(), year: z.int() });
const weatherParameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather of a city.',
  parameters: weatherParameters,
  strict: true,
};
let spillway: SpillwayProcess;
let client: OpenAI;
beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
  client = new OpenAI({
    baseURL: `${spillway.gatewayUrl('us-east-1')}/v1`,
    apiKey: 'sk-local',
    maxRetries: 0,
    defaultHeaders: { 'x-spillway-residency': 'us' },
  });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

async function eventsOf(stream: AsyncIterable<ResponseStreamEvent>): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe('responses', () => {
  it('answers a text plainly, in the shape and with the usage that the client knows', async () => {
    const response = await client.responses.create({ model, input: question, instructions: 'Be brief.' });
    expect(response).toMatchObject({ object: 'response', status: 'completed', model, error: null });
    expect(response.id).toMatch(/^resp_/);
    expect(response.output_text).toContain('tide');
    expect(response.instructions).toBe('Be brief.');
    const usage = response.usage;
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(usage?.input_tokens_details.cached_tokens).toBe(0);
  });

  it('streams the events in their order, numbered without a gap, to the same response', async () => {
    const plain = await client.responses.create({ model, input: question });
    const events = await eventsOf(await client.responses.create({ model, input: question, stream: true }));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(runsOf(events.map(({ type }) => type))).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const deltas = events.flatMap((event) =>
      event.type === 'response.output_text.delta' ? [event.delta] : [],
    );
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(plain.output_text);
    const last = events.at(-1);
    expect(last?.type === 'response.completed' && last.response.usage).toEqual(plain.usage);
  });

  it('satisfies the client’s own accumulator', async () => {
    const final = await client.responses.stream({ model, input: question, tools: [weather] }).finalResponse();
    expect(final.status).toBe('completed');
    expect(final.output_text).toContain('tide');
  });

  it.each([false, true])(
    'goes through a tool loop with what it answered given back (stream: %s)',
    async (stream) => {
      const input: ResponseInput = [{ role: 'user', content: 'The weather in Oslo?' }];
      const ask = async (): Promise<Response> => {
        const body = { model, input, tools: [weather], store: false };
        return stream ? client.responses.stream(body).finalResponse() : client.responses.create(body);
      };
      const first = await ask();
      const call = first.output.find((item) => item.type === 'function_call');
      if (call === undefined) throw new Error(`no call in ${JSON.stringify(first.output)}`);
      expect(typeof JSON.parse(call.arguments).city).toBe('string');
      input.push(...(first.output as ResponseInput));
      input.push({ type: 'function_call_output', call_id: call.call_id, output: '12 degrees and rain' });
      expect((await ask()).output_text).toContain('The tool weather returned: 12 degrees and rain.');
    },
  );

  it('calls no tool any more where none may be called, though earlier turns did', async () => {
    const input: ResponseInput = [
      { role: 'user', content: 'The weather in Oslo?' },
      { type: 'function_call', call_id: 'a', name: 'weather', arguments: '{"city":"Oslo"}' },
      { type: 'function_call_output', call_id: 'a', output: 'rain' },
      { role: 'assistant', content: 'Rain.' },
      { role: 'user', content: 'And the weather in Bergen?' },
    ];
    const called = await client.responses.create({ model, input, tools: [weather] });
    expect(called.output).toMatchObject([{ type: 'function_call' }]);
    const said = await client.responses.create({ model, input, tools: [weather], tool_choice: 'none' });
    expect(said.output).toMatchObject([{ type: 'message' }]);
  });

  it('makes one call at most where more are forbidden', async () => {
    const body = { model, input: 'The weather?', tools: [weather], parallel_tool_calls: false };
    expect((await client.responses.create(body)).output).toMatchObject([{ type: 'function_call' }]);
  });

  it('calls the tool that is forced, and only tools that are allowed', async () => {
    const other = { ...weather, name: 'news' };
    const forced = await client.responses.create({
      model,
      input: question,
      tools: [other, weather],
      tool_choice: { type: 'function', name: 'weather' },
    });
    expect(forced.output).toMatchObject([{ type: 'function_call', name: 'weather', status: 'completed' }]);
    const allowed = await client.responses.create({
      model,
      input: 'Both news and weather, please.',
      tools: [other, weather],
      tool_choice: {
        type: 'allowed_tools',
        mode: 'required',
        tools: [{ type: 'function', name: 'weather' }],
      },
    });
    expect(allowed.output).toMatchObject([{ type: 'function_call', name: 'weather' }]);
  });

  it('parses an answer that satisfies a schema', async () => {
    const text = { format: zodTextFormat(film, 'film') };
    const parsed = await client.responses.parse({ model, input: 'A film, please.', text });
    expect(film.safeParse(parsed.output_parsed).success).toBe(true);
    const streamed = await client.responses.stream({ model, input: 'A film, please.', text }).finalResponse();
    expect(streamed.output_parsed).toEqual(parsed.output_parsed);
  });

  it('carries images and documents', async () => {
    const response = await client.responses.create({
      model,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: `data:image/png;base64,${pngBase64}`, detail: 'auto' },
            {
              type: 'input_file',
              filename: 'tides.pdf',
              file_data: `data:application/pdf;base64,${pdfBase64}`,
            },
          ],
        },
      ],
    });
    expect(response.output_text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('says what was cut short', async () => {
    const response = await client.responses.create({ model, input: question, max_output_tokens: 3 });
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ status: 'incomplete' }],
    });
    const body = { model, input: question, max_output_tokens: 3, stream: true } as const;
    expect((await eventsOf(await client.responses.create(body))).at(-1)?.type).toBe('response.incomplete');
  });

  it('refuses what it cannot honour by name and with the reason, all at once', async () => {
    const error = await failure(
      client.responses.create({
        model,
        input: [{ type: 'item_reference', id: 'msg_1' }],
        previous_response_id: 'resp_1',
        background: true,
        tools: [{ type: 'web_search' }],
        reasoning: { effort: 'minimal' },
        max_tool_calls: 3,
      }),
    );
    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
    for (const path of [
      'input[0]',
      'previous_response_id',
      'background',
      'tools[0].type',
      'reasoning.effort',
      'max_tool_calls',
    ]) {
      expect((error as APIError).message).toContain(`${path}: `);
    }
  });
});

describe('chat completions', () => {
  it('parses an answer that satisfies a schema', async () => {
    const parsed = await client.chat.completions.parse({
      model,
      messages: [{ role: 'user', content: 'A film, please.' }],
      response_format: zodResponseFormat(film, 'film'),
    });
    expect(film.safeParse(parsed.choices[0]?.message.parsed).success).toBe(true);
  });

  // Of Nova Lite nobody knows whether it takes strict tools: the first call learns it, as the local AWS refuses them.
  it.each([
    ['chat-small', [400, 200], ['strict-tools']],
    [model, [200], []],
  ])('parses calls of the client’s own tools, which are strict, with %s', async (of, statuses, features) => {
    const from = await lastSeq(spillway);
    const parameters = z.object({ city: z.string() });
    const gateway = spillway.gatewayUrl('eu-central-1');
    const eu = { 'x-spillway-residency': 'eu' };
    const european = client.withOptions({ baseURL: `${gateway}/v1`, defaultHeaders: eu });
    const body = {
      model: of,
      messages: [{ role: 'user' as const, content: 'The weather in Oslo?' }],
      tools: [zodFunction({ name: 'weather', parameters })],
      tool_choice: 'required' as const,
    };
    expect(body.tools[0]?.function.strict).toBe(true);
    for (let times = 0; times < 2; times += 1) {
      const parsed = await european.chat.completions.parse(body);
      const call = parsed.choices[0]?.message.tool_calls?.[0];
      const given = call?.type === 'function' ? call.function.parsed_arguments : undefined;
      expect(parameters.safeParse(given).success).toBe(true);
    }
    const calls = await modelCallsSince(spillway, from);
    expect(calls.map(({ service, status }) => `${service} ${status}`)).toEqual(
      [...statuses, 200].map((status) => `bedrock-runtime ${status}`),
    );
    const explained = await fetch(`${gateway}/spillway/v1/explain`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-local', ...eu },
      body: JSON.stringify(body),
    });
    const { dropped = [] } = (await explained.json()) as { dropped?: readonly { feature: string }[] };
    expect([...new Set(dropped.map(({ feature }) => feature))]).toEqual(features);
  });

  it('goes on from its own answer, with all that the client put into it', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'A film, please.' }];
    const response_format = zodResponseFormat(film, 'film');
    const first = await client.chat.completions.parse({ model, messages, response_format });
    const said = first.choices[0]?.message;
    if (said === undefined) throw new Error('no message');
    const echoed = { ...said, annotations: [], audio: null, function_call: null };
    messages.push(echoed as OpenAI.ChatCompletionMessageParam, { role: 'user', content: question });
    const second = await client.chat.completions.create({ model, messages });
    expect(second.choices[0]?.message.content).toContain('tide');
  });

  it('runs tools until the answer', async () => {
    const runner = client.chat.completions.runTools({
      model,
      messages: [{ role: 'user', content: 'The weather in Oslo?' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'The weather of a city.',
            parameters: weatherParameters,
            parse: (text: string): unknown => JSON.parse(text),
            function: () => '12 degrees and rain',
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('The tool weather returned: 12 degrees and rain.');
  });

  it('carries images, documents and a tier', async () => {
    const answer = await client.chat.completions.create({
      model,
      service_tier: 'flex',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pngBase64}` } },
            {
              type: 'file',
              file: { filename: 'tides.pdf', file_data: `data:application/pdf;base64,${pdfBase64}` },
            },
          ],
        },
      ],
    });
    expect(answer.choices[0]?.message.content).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('ends a stream with a usage like the plain answer’s', async () => {
    const messages = [{ role: 'user' as const, content: question }];
    const plain = await client.chat.completions.create({ model, messages });
    const final = await client.chat.completions
      .stream({ model, messages, stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(plain.choices[0]?.message.content);
    expect(final.usage).toEqual(plain.usage);
  });
});

/** The same question in both formats; a stream is read to its end. */
const formats = {
  'chat completions': async (by: OpenAI, stream: boolean, signal?: AbortSignal): Promise<string[]> => {
    const body = { model, messages: [{ role: 'user' as const, content: question }] };
    if (!stream)
      return [(await by.chat.completions.create(body, { signal })).choices[0]?.message.content ?? ''];
    const texts: string[] = [];
    for await (const chunk of await by.chat.completions.create({ ...body, stream }, { signal })) {
      texts.push(chunk.choices[0]?.delta.content ?? '');
    }
    return texts;
  },
  responses: async (by: OpenAI, stream: boolean, signal?: AbortSignal): Promise<string[]> => {
    const body = { model, input: question };
    if (!stream) return [(await by.responses.create(body, { signal })).output_text];
    const events = await eventsOf(await by.responses.create({ ...body, stream }, { signal }));
    return events.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
  },
};

describe.each(Object.entries(formats))('%s', (_, ask) => {
  const by = (region: string, residency: string, apiKey = 'sk-local') =>
    new OpenAI({
      baseURL: `${spillway.gatewayUrl(region)}/v1`,
      apiKey,
      maxRetries: 0,
      defaultHeaders: { 'x-spillway-residency': residency },
    });

  it.each([false, true])('has the client’s own errors (stream: %s)', async (stream) => {
    const stranger = await failure(ask(by('us-east-1', 'us', 'sk-wrong'), stream));
    expect(stranger).toBeInstanceOf(AuthenticationError);
    expect(stranger).toMatchObject({ status: 401, code: 'invalid_api_key' });
    const forbidden = await failure(ask(by('eu-central-1', 'frankfurt'), stream));
    expect(forbidden).toBeInstanceOf(PermissionDeniedError);
    expect(forbidden).toMatchObject({ status: 403, code: 'no_lawful_target' });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'throttle', retryAfterSeconds: 1 },
    ]);
    const throttled = await failure(ask(by('ap-northeast-1', 'japan'), stream));
    expect(throttled).toBeInstanceOf(RateLimitError);
    expect(throttled).toMatchObject({ status: 429, code: 'capacity_exhausted' });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'error', error: 'InternalServerException' },
    ]);
    const failed = await failure(ask(by('eu-west-1', 'eu'), stream));
    expect(failed).toBeInstanceOf(InternalServerError);
    expect(failed).toMatchObject({ status: 502, code: 'upstream_failed' });
  });

  it('streams from another target where the first breaks before its first content', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'stream-exception', afterChunks: 0, count: 1 },
    ]);
    const from = await lastSeq(spillway);
    const text = (await ask(client, true)).join('');
    expect(text).toContain('You asked: “Describe the tide in two sentences, please.”');
    const regions = (await modelCallsSince(spillway, from)).map((call) => call.region);
    expect(new Set(regions).size).toBe(2);
    expect(regions).toHaveLength(2);
  });

  it.each([false, true])('takes the call to the model along when it leaves (stream: %s)', async (stream) => {
    const { calls } = await leaveDuringCall(spillway, (signal) => ask(client, stream, signal));
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it.each(['cut-stream', 'stream-exception', 'malformed-frame', 'reset'])(
    'throws where a stream breaks by %s, and nobody answers twice',
    async (kind) => {
      await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', kind, afterChunks: 3 }]);
      const from = await lastSeq(spillway);
      const broken = await failure(ask(client, true));
      expect(broken).toBeInstanceOf(APIError);
      expect(broken).toMatchObject({ code: 'stream_interrupted' });
      expect(await modelCallsSince(spillway, from)).toHaveLength(1);
    },
  );
});

it('a model that is none is a NotFoundError in both formats', async () => {
  const messages = [{ role: 'user' as const, content: question }];
  for (const call of [
    client.chat.completions.create({ model: 'none', messages }),
    client.responses.create({ model: 'none', input: question }),
  ]) {
    const error = await failure(call);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
  }
});

it.each([
  [{ model: 'chat-large', reasoning: { effort: 'high' as const } }],
  [{ model: 'chat-small', tools: [weather], parallel_tool_calls: false }],
])('what no target of a model can do is refused before any call: %j', async (changes) => {
  const from = await lastSeq(spillway);
  const error = await failure(client.responses.create({ input: question, ...changes }));
  expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
  expect((error as APIError).message).toContain('capability-missing');
  expect(await modelCallsSince(spillway, from)).toEqual([]);
});

it('a broken stream of responses tells how far it came, and never that it was complete', async () => {
  await cutStreams(spillway);
  const answer = await fetch(`${client.baseURL}/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-local', 'x-spillway-residency': 'us' },
    body: JSON.stringify({ model, input: question, stream: true }),
  });
  const types = [...(await answer.text()).matchAll(/^event: (.+)$/gm)].map(([, type]) => type ?? '');
  expect(runsOf(types)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'error',
    'response.failed',
  ]);
});
