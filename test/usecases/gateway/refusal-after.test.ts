import { describe, expect, it } from 'vitest';
import { aGateway, aStartedGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { ATTEMPTS_MAX } from '#usecases/gateway/attempt.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const ohio = aTarget({ region: 'us-east-2' });

const refusing = () => ({ failsBefore: aSignal({ kind: 'connect' }) });
const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

describe('when nothing answers', () => {
  it('is upstream_failed after every lawful target was called once', async () => {
    const { chat, invoker } = await world([east, west, ohio]);
    for (const target of [east, west, ohio])
      invoker.script(target.id, { failsBefore: aSignal({ kind: 'connect' }) });
    const response = await chat({ stream: true });
    expect(response.status).toBe(502);
    expect(response.headers.get('x-spillway-attempts')).toBe('3');
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_failed' } });
    expect(new Set(invoker.calls.map(({ target }) => target)).size).toBe(3);
  });

  it('is 413 in the words of a target that finds the request too large', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, { failsBefore: aSignal({ httpStatus: 413, message: 'at most 20 MB' }) });
    const response = await chat();
    expect([response.status, response.headers.get('x-spillway-attempts')]).toEqual([413, '1']);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'request_too_large',
        message: expect.stringContaining('The model refused the request: at most 20 MB'),
      },
    });
  });

  it('is 413 with the numbers of memory and of quotas, where neither has room for it ever', async () => {
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 4 }, copies: 1, kvTokens: { 'us-east-1': 1_000 } });
    const pooled = aTarget({ quotaTokensPerMinute: 4_000 });
    const { chat } = await aStartedGateway([gpu, pooled]);
    const long = { max_tokens: 5_000, messages: [{ role: 'user', content: 'word '.repeat(3_000) }] };
    const response = await chat(long);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, error.code]).toEqual([413, 'request_too_large']);
    expect(error.message).toMatch(
      /^This request may take \d+ tokens of memory .* holds more than 1000 at a time; it counts for \d+ tokens .* brings more than 4000 a minute, so that it never fits\./,
    );
  });

  it('is 413 with the kind that each number is of, where the windows of serverless targets are too short too', async () => {
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 4 }, copies: 1, kvTokens: { 'us-east-1': 1_000 } });
    const small = aTarget({ contextTokensMax: 1_500 });
    const larger = aTarget({ region: 'us-west-2', contextTokensMax: 2_000 });
    const { chat } = await aStartedGateway([gpu, small, larger]);
    const response = await chat({ messages: [{ role: 'user', content: 'word '.repeat(9_000) }] });
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, error.code]).toEqual([413, 'request_too_large']);
    expect(error.message).toMatch(
      /no dedicated target of the model "chat-small" holds more than 1000 at a time; it is longer than the context windows of the other targets, which take 2000 tokens at most, so that it never fits\./,
    );
  });

  it('is 429 with the earliest retry-after when every pool rests', async () => {
    const { chat, invoker } = await world();
    const throttled = (retryAfterMs: number) => ({
      failsBefore: aSignal({ errorName: 'ThrottlingException', httpStatus: 429, retryAfterMs }),
    });
    invoker.script(east.id, throttled(30_000));
    invoker.script(west.id, throttled(4000));
    const first = await chat();
    const second = await chat();
    expect([
      first.status,
      first.headers.get('retry-after'),
      first.headers.get('x-spillway-attempts'),
    ]).toEqual([429, '4', '2']);
    expect([
      second.status,
      second.headers.get('retry-after'),
      second.headers.get('x-spillway-attempts'),
    ]).toEqual([429, '4', '0']);
    expect(await second.json()).toMatchObject({
      error: { code: 'capacity_exhausted', type: 'rate_limit_error' },
    });
  });

  const throttled = { failsBefore: aSignal({ errorName: 'ThrottlingException', retryAfterMs: 4000 }) };
  const denied = { failsBefore: aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 }) };

  it.each([
    ['that denied access', [throttled, denied]],
    ['that refused the connection, but was taken for sound until then', [throttled, refusing()]],
  ] as const)('beside a pool that rests, of a target %s', async (_, [first, second]) => {
    const { chat, invoker } = await world();
    invoker.script(east.id, first);
    invoker.script(west.id, second);
    const response = await chat();
    const mixed = second === denied ? [429, '4', '2'] : [502, null, '2'];
    expect([
      response.status,
      response.headers.get('retry-after'),
      response.headers.get('x-spillway-attempts'),
    ]).toEqual(mixed);
  });

  it('is 429 where all that do not rest are ejected and no retry is left for them', async () => {
    const { chat, invoker } = await world([east, west, ohio], false);
    invoker.script(east.id, throttled);
    for (const { id } of [west, ohio]) invoker.script(id, denied);
    // The retries of ten seconds go for a target that denies.
    const answers: Response[] = [];
    for (let count = 0; count < 40; count += 1) answers.push(await chat());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
    expect(answers.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    expect(
      answers.filter(({ headers }) => headers.get('x-spillway-attempts') === '1').length,
    ).toBeGreaterThan(20);
  });

  it('keeps to one budget of attempts', async () => {
    const regions = Array.from({ length: 15 }, (_, index) => aTarget({ account: `1111111111${index + 10}` }));
    const { chat, invoker } = await world(regions);
    for (const { id } of regions) invoker.script(id, { failsBefore: aSignal({ kind: 'connect' }) });
    expect((await chat()).status).toBe(502);
    expect(invoker.calls).toHaveLength(ATTEMPTS_MAX);
  });

  it('is no_lawful_target without a call when no reach lies inside the residency', async () => {
    const made = aGateway({ region: 'eu-central-1', routes: [] });
    await made.gateway.start();
    made.gateway.stop();
    const response = await made.chat({ model: 'chat-large' }, { 'x-spillway-residency': 'frankfurt' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'no_lawful_target' } });
    expect(response.headers.get('x-spillway-attempts')).toBe('0');
    expect(made.invoker.calls).toEqual([]);
  });
});

describe('a need that no target of the model meets', () => {
  const parameters = { type: 'object' };
  const text = 'Say hello.';
  const messages = [{ role: 'user', content: text }];
  const parts = [{ role: 'user', content: [{ text }] }];
  const own = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 50 };
  /** A chat with a tool, as each format has it. */
  const withTool: readonly (readonly [string, unknown])[] = [
    [
      '/v1/chat/completions',
      {
        model: 'chat-small',
        messages,
        tools: [{ type: 'function', function: { name: 'look', parameters } }],
      },
    ],
    [
      '/v1/responses',
      { model: 'chat-small', input: text, tools: [{ type: 'function', name: 'look', parameters }] },
    ],
    [
      '/v1/messages',
      { model: 'chat-small', max_tokens: 50, messages, tools: [{ name: 'look', input_schema: parameters }] },
    ],
    [
      '/v1/messages/count_tokens',
      { model: 'chat-small', messages, tools: [{ name: 'look', input_schema: parameters }] },
    ],
    ...['converse', 'converse-stream'].map(
      (operation) =>
        [
          `/model/chat-small/${operation}`,
          {
            messages: parts,
            toolConfig: { tools: [{ toolSpec: { name: 'look', inputSchema: { json: parameters } } }] },
          },
        ] as const,
    ),
    ...['invoke', 'invoke-with-response-stream'].map(
      (operation) =>
        [
          `/model/chat-small/${operation}`,
          { ...own, messages, tools: [{ name: 'look', input_schema: parameters }] },
        ] as const,
    ),
  ];
  const toolless = aTarget({ capabilities: { ...east.capabilities, tools: false } });
  const refusal = {
    failsBefore: aSignal({
      errorName: 'ValidationException',
      httpStatus: 400,
      message: "This model doesn't support tool use.",
    }),
  };

  it.each(withTool)(
    'is named with the model at %s, whether a fact says so or the target does',
    async (path, body) => {
      const known = await world([toolless]);
      const learned = await world([east]);
      learned.invoker.script(east.id, refusal);
      const answers = [await known.post(path, body), await learned.post(path, body)];
      for (const answer of answers) {
        const told = await answer.text();
        expect([answer.status, told.includes('tools'), told.includes('chat-small')], told).toEqual([
          400,
          true,
          true,
        ]);
      }
      expect(known.invoker.calls).toEqual([]);
    },
  );

  it.each([
    ['/v1/embeddings', { model: 'embed', input: text, dimensions: 333 }, 'dimensions'],
    ['/model/embed/invoke', { inputText: text, dimensions: 1024, normalize: false }, 'normalize'],
  ])('is named at %s of what vectors are to be', async (path, body, need) => {
    const cohere = aTarget({
      modelId: 'cohere.embed-english-v3',
      capabilities: { ...east.capabilities, output: ['EMBEDDING'] },
    });
    const made = aGateway({
      config: configWithoutBaseline(),
      routes: [aRoute({ model: 'embed', targets: [cohere] })],
    });
    await made.gateway.start();
    made.gateway.stop();
    const answer = await made.post(path, body);
    const told = await answer.text();
    expect([answer.status, told.includes(need), told.includes('embed')], told).toEqual([400, true, true]);
    expect(made.invoker.calls).toEqual([]);
  });
});
