import { describe, expect, it } from 'vitest';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { aGateway, configWithoutBaseline, eventsOf } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import {
  answering,
  aSignal,
  type Script,
  type ScriptedInvoker,
  textEvents,
} from '#test/builders/scripted-invoker.ts';
import { ATTEMPTS_MAX } from '#usecases/gateway/attempt.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const ohio = aTarget({ region: 'us-east-2' });

async function world(targets = [east, west], leap = true) {
  const made = aGateway({ leap, config: configWithoutBaseline(), routes: [aRoute({ targets })] });
  await made.gateway.start();
  made.gateway.stop();
  return made;
}

async function untilCalled(invoker: ScriptedInvoker): Promise<void> {
  for (let turn = 0; turn < 100 && invoker.calls.length === 0; turn += 1) await new Promise(setImmediate);
}

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
      expect(response.headers.get('x-spillway-attempts')).toBe('2');
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

describe('deadlines', () => {
  it('moves on from a target that hangs, after ten seconds of serverless and five of dedicated', async () => {
    const warm = aDedicatedTarget();
    const { chat, invoker, clock } = await world([warm, east, west]);
    invoker.script(warm.id, { hangs: 'before' });
    invoker.script(east.id, { events: [{ type: 'message-start' }], hangs: 'after-events' });
    const startedMs = clock.monotonicMs();
    const response = await chat();
    expect(response.headers.get('x-spillway-target')).toBe(west.id);
    expect(clock.monotonicMs() - startedMs).toBe(15_000);
    expect(invoker.calls.slice(0, 2).every(({ aborted }) => aborted)).toBe(true);
  });

  it('gives each attempt its slice of the caller’s own deadline', async () => {
    const { chat, invoker, clock } = await world([east, west, ohio]);
    invoker.script(east.id, { hangs: 'before' });
    invoker.script(ohio.id, { hangs: 'before' });
    const startedMs = clock.monotonicMs();
    const response = await chat({}, { 'x-spillway-deadline-ms': '900' });
    expect(response.status).toBe(200);
    // 900 ÷ 3, then 600 ÷ 2.
    expect(clock.monotonicMs() - startedMs).toBe(600);
  });

  it('is deadline_exceeded when the time is over, in the middle of an answer too', async () => {
    const { chat, invoker, clock } = await world([east]);
    invoker.script(east.id, { events: textEvents(['a', 'b', 'c', 'd', 'e']), betweenMs: 300 });
    const startedMs = clock.monotonicMs();
    const response = await chat({}, { 'x-spillway-deadline-ms': '1000' });
    expect([response.status, clock.monotonicMs() - startedMs]).toEqual([504, 1000]);
    expect(await response.json()).toMatchObject({ error: { code: 'deadline_exceeded' } });
  });

  it('moves a plain answer on when it stalls between two tokens', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, { events: textEvents(['Half']), hangs: 'after-events' });
    const startedMs = clock.monotonicMs();
    expect((await chat()).headers.get('x-spillway-target')).toBe(west.id);
    expect(clock.monotonicMs() - startedMs).toBe(15_000);
  });

  it('waits for the whole answer of a target that cannot stream', async () => {
    const plainly = aTarget({ capabilities: { streaming: false } });
    const { chat, invoker } = await world([plainly]);
    invoker.script(plainly.id, { afterMs: 40_000, ...answering() });
    expect((await chat()).status).toBe(200);
  });
});

describe('health', () => {
  it('leaves a failing target within ten requests, then asks it again and lets it return', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, {
      failsBefore: aSignal({ errorName: 'InternalServerException', httpStatus: 500 }),
    });
    for (let index = 0; index < 20; index += 1) expect((await chat()).status).toBe(200);
    expect(invoker.calls.filter(({ target }) => target === east.id).length).toBeLessThanOrEqual(10);
    invoker.script(east.id, answering());
    clock.advance(5000);
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
    clock.advance(10_000);
    await chat();
    expect((await chat()).headers.get('x-spillway-target')).toBe(east.id);
  });

  it('asks the last lawful target for every request, however sick it is', async () => {
    const { chat, invoker } = await world([east]);
    invoker.script(east.id, { failsBefore: aSignal({ kind: 'connect' }) });
    for (let index = 0; index < 12; index += 1) expect((await chat()).status).toBe(502);
    invoker.script(east.id, answering());
    expect((await chat()).status).toBe(200);
    expect(invoker.calls).toHaveLength(13);
  });

  it('tells the control plane of a target’s own fault once, and of nothing else', async () => {
    const { chat, invoker, routes } = await world();
    invoker.script(east.id, {
      failsBefore: aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 }),
    });
    invoker.script(west.id, { failsBefore: aSignal({ kind: 'connect' }) });
    await chat();
    expect(await routes.loadSignals()).toMatchObject([
      {
        target: east.id,
        gatewayRegion: 'us-east-1',
        outcome: 'access-denied',
        errorName: 'AccessDeniedException',
      },
    ]);
  });

  it('finds the one healthy target among many dark ones, for the first fifty requests of a cold gateway', async () => {
    const dark = Array.from({ length: 7 }, (_, index) =>
      aTarget({ account: `11111111111${index}`, region: index % 2 === 0 ? 'us-east-2' : 'us-east-1' }),
    );
    const { chat, invoker } = await world([...dark, west]);
    for (const { id } of dark) invoker.script(id, { afterMs: 5, failsBefore: aSignal({ kind: 'connect' }) });
    const responses = await Promise.all(Array.from({ length: 50 }, () => chat()));
    expect(responses.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  });
});

describe('a scaled-to-zero target', () => {
  it('is woken by one spilled request a minute, with one token, beside the answer', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const { chat, invoker, clock, records } = await world([cold, east]);
    expect((await chat()).headers.get('x-spillway-attempts')).toBe('1');
    await chat();
    const waking = () => invoker.calls.filter(({ target }) => target === cold.id);
    expect(waking().map(({ maxTokens }) => maxTokens)).toEqual([1]);
    expect(records.map(({ wakeUps, spilled }) => [wakeUps, spilled])).toEqual([
      [1, true],
      [0, true],
    ]);
    clock.advance(60_000);
    await chat();
    expect(waking()).toHaveLength(2);
  });

  it('is never woken outside the residency', async () => {
    const cold = aDedicatedTarget({ state: 'cold', region: 'eu-central-1' });
    const { chat, invoker } = await world([cold, east]);
    await chat();
    expect(invoker.calls.map(({ target }) => target)).toEqual([east.id]);
  });
});

describe('a caller that leaves', () => {
  it.each([false, true])('ends the call to the target at once (stream: %s)', async (stream) => {
    const { chat, invoker, records, clock } = await world([east, west], false);
    invoker.script(east.id, { hangs: 'before' });
    const caller = new AbortController();
    const startedMs = clock.monotonicMs();
    const answer = chat({ stream }, {}, caller.signal);
    await untilCalled(invoker);
    caller.abort();
    expect((await answer).status).toBe(499);
    expect([invoker.calls[0]?.aborted, clock.monotonicMs() - startedMs]).toEqual([true, 0]);
    expect(records[0]).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    expect(invoker.calls).toHaveLength(1);
  });
});
