import { describe, expect, it } from 'vitest';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { aStartedGateway, eventsOf, type TestGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, type Script, textEvents } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

/** One signal of each kind that another target can make good. */
const recoverable: readonly (readonly [string, UpstreamSignal])[] = [
  ['throttled', aSignal({ errorName: 'ThrottlingException', httpStatus: 429 })],
  ['model-not-ready', aSignal({ errorName: 'ModelNotReadyException', httpStatus: 429 })],
  ['service-unavailable', aSignal({ errorName: 'ServiceUnavailableException', httpStatus: 503 })],
  ['server-error', aSignal({ errorName: 'InternalServerException', httpStatus: 500 })],
  ['model-timeout', aSignal({ errorName: 'ModelTimeoutException', httpStatus: 408 })],
  [
    'container-error',
    aSignal({ errorName: 'ModelErrorException', httpStatus: 424, originalStatusCode: 500 }),
  ],
  ['stream-error', aSignal({ errorName: 'ModelStreamErrorException', httpStatus: 424 })],
  ['access-denied', aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 })],
  ['not-found', aSignal({ errorName: 'ResourceNotFoundException', httpStatus: 404 })],
  [
    'needs-profile',
    aSignal({
      errorName: 'ValidationException',
      httpStatus: 400,
      message: 'with on-demand throughput isn’t supported',
    }),
  ],
  [
    'invalid-model-id',
    aSignal({
      errorName: 'ValidationException',
      httpStatus: 400,
      message: 'The provided model identifier is invalid.',
    }),
  ],
  ['quota-exceeded', aSignal({ errorName: 'ServiceQuotaExceededException', httpStatus: 400 })],
  ['connect-failed', aSignal({ kind: 'connect' })],
  ['connection-reset', aSignal({ kind: 'reset' })],
  ['malformed-answer', aSignal({ kind: 'malformed' })],
  ['incomplete-answer', aSignal({ kind: 'incomplete' })],
  ['role-unavailable', aSignal({ kind: 'credentials' })],
  ['credentials-rejected', aSignal({ errorName: 'ExpiredTokenException', httpStatus: 403 })],
];
const phases: readonly (readonly [string, (signal: UpstreamSignal) => Script])[] = [
  ['before the head', (failsBefore) => ({ failsBefore })],
  [
    'in the stream before content',
    (failsInside) => ({
      events: [{ type: 'message-start' }],
      failsInside: { ...failsInside, phase: 'in-stream' },
    }),
  ],
];
const afterContent = (failsInside: UpstreamSignal): Script => ({
  events: textEvents(['Half']),
  failsInside: { ...failsInside, phase: 'in-stream' },
});

describe.each(recoverable)('%s', (outcome, signal) => {
  it.each(phases)('%s moves a plain and a streamed answer to the next target', async (_, script) => {
    for (const stream of [false, true]) {
      const { chat, invoker, records } = await world();
      invoker.script(east.id, script(signal));
      const response = await chat({ stream });
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('Hello');
      // What found no credentials never left: it is an attempt, and no call.
      const calls = script(signal).failsBefore?.kind === 'credentials' ? '1' : '2';
      expect(response.headers.get('x-spillway-attempts')).toBe(calls);
      expect(response.headers.get('x-spillway-target')).toBe(west.id);
      expect(records[0]?.attempts.map((attempt) => attempt.outcome)).toEqual([outcome, 'answered']);
    }
  });

  it('after content moves a plain answer on, which has shown nothing yet', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, afterContent(signal));
    const response = await chat();
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hello there' } }] });
    expect(invoker.calls.map(({ target }) => target)).toEqual([east.id, west.id]);
  });

  it('after content ends a stream with a typed error, and nothing is replayed or invented', async () => {
    const { chat, invoker, records } = await world();
    invoker.script(east.id, afterContent(signal));
    const response = await chat({ stream: true });
    const events = await eventsOf(response);
    expect(response.status).toBe(200);
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({
      error: { code: 'stream_interrupted' },
      usage: { completion_tokens: 1, estimated: true },
    });
    expect(events.join()).not.toContain('[DONE]');
    expect(events.join()).not.toMatch(/"finish_reason":"/);
    expect(invoker.calls.map(({ target }) => target)).toEqual([east.id]);
    expect(records[0]).toMatchObject({ outcome: 'stream_interrupted', attempts: [{ outcome }] });
  });
});

describe('between two targets', () => {
  it('no time is wasted while one is free, whatever the first wished', async () => {
    const { chat, invoker, clock } = await world();
    const signal = aSignal({ errorName: 'ThrottlingException', httpStatus: 429, retryAfterMs: 30_000 });
    invoker.script(east.id, { failsBefore: signal });
    const startedMs = clock.monotonicMs();
    expect((await chat()).status).toBe(200);
    expect(clock.monotonicMs() - startedMs).toBe(0);
  });

  it.each([
    ['/v1/chat/completions', {}],
    ['/v1/responses', { messages: undefined, input: 'Hello' }],
    ['/v1/messages', { max_tokens: 10 }],
    ['/model/chat-small/converse-stream', { model: undefined, stream: undefined }],
  ])('%s has sent no head yet: when both fail it is a real error', async (path, changes) => {
    const { post, invoker } = await world();
    const begun: Script = {
      events: [{ type: 'message-start' }],
      failsInside: aSignal({ errorName: 'internalServerException', phase: 'in-stream' }),
    };
    for (const { id } of [east, west]) invoker.script(id, begun);
    const content = path.startsWith('/model/') ? [{ text: 'Hello' }] : 'Hello';
    const body = { model: 'chat-small', stream: true, messages: [{ role: 'user', content }], ...changes };
    const response = await post(path, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'application/json']);
    expect(await response.text()).toContain('upstream_failed');
  });
});

describe('a fault of the caller', () => {
  const signal = aSignal({
    errorName: 'ValidationException',
    httpStatus: 400,
    message: 'temperature of 111111111111 must be at most 1',
  });

  it.each([false, true])('is returned at once, without failover (stream: %s)', async (stream) => {
    const { chat, invoker } = await world();
    invoker.script(east.id, { failsBefore: signal });
    const response = await chat({ stream });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.json()).toMatchObject({
      error: {
        code: 'invalid_request',
        message: 'The model refused the request: temperature of (account) must be at most 1',
      },
    });
    expect(invoker.calls).toHaveLength(1);
  });

  it('never ejects the target', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, ...Array.from({ length: 20 }, () => ({ failsBefore: signal })), answering());
    for (let index = 0; index < 20; index += 1) await chat();
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
  });

  it('tries a larger context where one exists, and none that is not known to be larger', async () => {
    const large = aTarget({ region: 'us-west-2', contextTokensMax: 1_000_000 });
    const unknown = aTarget({ region: 'us-east-2', contextTokensMax: null });
    const { chat, invoker } = await world([east, unknown, large]);
    const tooLong = {
      failsBefore: aSignal({
        errorName: 'ValidationException',
        httpStatus: 400,
        message: 'Input is too long for requested model.',
      }),
    };
    invoker.script(east.id, tooLong);
    expect((await chat()).headers.get('x-spillway-target')).toBe(large.id);
    invoker.script(large.id, tooLong);
    const refused = await chat();
    expect([refused.status, invoker.calls.length]).toEqual([400, 4]);
  });
});

describe('a decision for safety', () => {
  it.each(['guardrail_intervened', 'content_filtered'] as const)(
    '%s is the answer and is never routed round',
    async (stopReason) => {
      const { chat, invoker } = await world();
      invoker.script(east.id, {
        events: [
          ...textEvents(['I cannot']),
          { type: 'message-stop', stopReason },
          { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
        ],
      });
      expect(await (await chat()).json()).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
      expect(invoker.calls).toHaveLength(1);
    },
  );
});

describe('a target that lacks what the chat has', () => {
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
  const other = aTarget({ modelId: 'anthropic.claude-haiku-4-5-v1:0', position: 1 });
  const refusal = (message: string): Script => ({
    failsBefore: aSignal({ errorName: 'ValidationException', httpStatus: 400, message }),
  });
  const noTools = refusal("This model doesn't support tool use.");

  it.each(phases)(
    '%s is followed by one of another model, and is not asked again for an hour',
    async (_, script) => {
      const { chat, invoker, clock, records, routes } = await world([east, west, other]);
      const signal = noTools.failsBefore ?? aSignal();
      invoker.script(east.id, script(signal));
      invoker.script(west.id, script(signal));
      const first = await chat({ tools });
      expect([first.status, first.headers.get('x-spillway-target')]).toEqual([200, other.id]);
      expect(records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['capability-refused', 'answered']);
      expect((await chat({ tools })).headers.get('x-spillway-attempts')).toBe('1');
      // What has no tools goes there as ever: nothing was held against its health, nothing told to the control plane.
      invoker.script(east.id, answering());
      expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
      expect(await routes.loadSignals()).toEqual([]);
      clock.advance(3_600_000);
      expect((await chat({ tools })).headers.get('x-spillway-target')).toBe(east.id);
    },
  );

  it('is a 400 that names the feature where no other is left, with a call and without', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, noTools);
    const answers = [await chat({ tools }), await chat({ tools })];
    type Told = { readonly error: { readonly code: string; readonly message: string } };
    const told = await Promise.all(answers.map(async (answer) => (await answer.json()) as Told));
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(told.map(({ error }) => [error.code, error.message.includes('tools')])).toEqual([
      ['invalid_request', true],
      ['invalid_request', true],
    ]);
    expect(invoker.calls).toHaveLength(1);
  });

  it('is asked for the whole answer at once where only its streams lack it', async () => {
    const { chat, invoker } = await world([east]);
    invoker.script(east.id, refusal("This model doesn't support tool use in streaming mode."), answering());
    for (const attempts of ['2', '1']) {
      const answer = await chat({ tools, stream: true });
      expect([answer.status, answer.headers.get('x-spillway-attempts')]).toEqual([200, attempts]);
      expect(await answer.text()).toContain('[DONE]');
    }
    expect(invoker.calls.map(({ call }) => call.target.capabilities.streaming)).toEqual([true, false, false]);
  });
});

describe('structured outputs that refuse a schema', () => {
  const refusing = (message: string): Script => ({
    failsBefore: aSignal({ errorName: 'ValidationException', httpStatus: 400, message }),
  });
  const schema = { type: 'object', properties: { city: { type: 'string' } } };
  const body = {
    model: 'chat-small',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hello' }],
    output_config: { format: { type: 'json_schema', schema } },
  };
  const ways = (made: TestGateway) =>
    made.invoker.calls.map(({ call }) => ('jsonWay' in call ? call.jsonWay : undefined));

  it.each([
    "output_config.format.schema: For 'array' type, property 'x' is not supported",
    'Schemas contains too many optional parameters (31), which would make grammar compilation inefficient.',
    'Schema is too complex.',
    'The compiled grammar is too large, which would cause performance issues.',
  ])('are left for a tool at the same target by that call alone: %s', async (message) => {
    const made = await world([{ ...east, capabilities: { jsonSchema: true } }, west]);
    made.invoker.script(east.id, refusing(message), answering());
    for (const attempts of ['2', '1']) {
      const { status, headers } = await made.post('/v1/messages', body);
      expect([status, headers.get('x-spillway-target'), headers.get('x-spillway-attempts')]).toEqual([
        200,
        east.id,
        attempts,
      ]);
    }
    expect(ways(made)).toEqual(['native', 'tool', 'native']);
  });
});

describe('a target that refuses cache points', () => {
  const refusal: Script = {
    failsBefore: aSignal({
      errorName: 'ValidationException',
      httpStatus: 400,
      message: 'extraneous key [cachePoint] is not permitted',
    }),
  };
  const text = { type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } };
  const body = { model: 'chat-small', max_tokens: 50, messages: [{ role: 'user', content: [text] }] };
  const cachePoints = (made: TestGateway) =>
    made.invoker.calls.map(({ call }) => JSON.stringify(call.request).includes('cachePoint'));

  it('is asked once more without them, and for an hour only so', async () => {
    const made = await world();
    made.invoker.script(east.id, refusal, answering());
    for (const attempts of ['2', '1']) {
      const answer = await made.post('/v1/messages', body);
      expect([
        answer.status,
        answer.headers.get('x-spillway-target'),
        answer.headers.get('x-spillway-attempts'),
      ]).toEqual([200, east.id, attempts]);
    }
    expect(cachePoints(made)).toEqual([true, false, false]);
    const told = made.records.map(({ attempts }) =>
      attempts.map(({ outcome, dropped }) => [outcome, dropped]),
    );
    expect(told).toEqual([
      [
        ['capability-refused', undefined],
        ['answered', ['prompt-caching']],
      ],
      [['answered', ['prompt-caching']]],
    ]);
    const lines = made.lines.filter(({ event }) => event === 'request');
    expect(JSON.stringify(lines.at(-1))).toContain(`${east.id} answered without prompt-caching`);
    made.clock.advance(3_600_000);
    await made.post('/v1/messages', body);
    expect(cachePoints(made).at(-1)).toBe(true);
  });

  it('is left when it says the same without them: its words name two reasons', async () => {
    const made = await world();
    made.invoker.script(east.id, refusal);
    const answer = await made.post('/v1/messages', body);
    expect([answer.status, made.invoker.calls.map(({ target }) => target)]).toEqual([
      200,
      [east.id, east.id, west.id],
    ]);
  });

  it('counts without them, once it was heard', async () => {
    const made = await world([east]);
    made.invoker.script(east.id, refusal, answering());
    await made.post('/v1/messages', body);
    const { max_tokens: _, ...counted } = body;
    expect((await made.post('/v1/messages/count_tokens', counted)).status).toBe(200);
    expect(cachePoints(made)).toEqual([true, false, false]);
  });
});

it('counts what a spent retry budget kept a request from', async () => {
  const { chat, invoker, records } = await world();
  const fails = { failsBefore: aSignal({ errorName: 'InternalServerException', httpStatus: 500 }) };
  for (const target of [east, west]) invoker.script(target.id, ...Array.from({ length: 40 }, () => fails));
  // Each tries the second target after the first, until the floor of ten retries is used up.
  for (let count = 0; count < 14; count += 1) await chat();
  const refused = records.filter(({ retriesRefused }) => retriesRefused !== undefined);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.every(({ outcome }) => outcome !== 'answered')).toBe(true);
  expect(records[0]?.retriesRefused).toBeUndefined();
});
