/** What it must show, 4: whatever fails, a lawful healthy target answers, and no call leaves the residency. */
import Anthropic, { RateLimitError } from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import regions from '#data/regions.json' with { type: 'json' };
import { failure } from './clients/failure.ts';
import {
  chat,
  eventually,
  type JournalEntry,
  type SpillwayProcess,
  startSpillway,
} from './spillway-process.ts';

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({ parameters: ['--discover-every', '3600'] });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

const inside = (residency: 'us' | 'eu'): Set<string> =>
  new Set(
    regions.regions
      .filter((region) => region.groups.includes(residency.toUpperCase()))
      .map((region) => region.code),
  );

const modelCalls = (entries: readonly JournalEntry[]): JournalEntry[] =>
  entries.filter((entry) => entry.service === 'bedrock-runtime' || entry.service === 'sagemaker-runtime');

function expectInside(residency: 'us' | 'eu', calls: readonly JournalEntry[]): void {
  const allowed = inside(residency);
  expect(calls.every((entry) => (entry.reach ?? ['*']).every((region) => allowed.has(region)))).toBe(true);
}

/** Asks, and gives back the answer with the calls that the journal shows for it, by the caller's trace id. */
async function ask(
  url: string,
  residency: string,
  body: Record<string, unknown> = {},
): Promise<{ response: Response; text: string; calls: JournalEntry[] }> {
  const traceId = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const headers = {
    'x-spillway-residency': residency,
    'x-spillway-deadline-ms': '20000',
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  };
  const response = await chat(url, { headers, body });
  const text = await response.text();
  const calls = modelCalls(await spillway.journal()).filter((entry) => entry.traceparent?.includes(traceId));
  return { response, text, calls };
}

const faults = {
  dark: { service: 'bedrock-runtime', kind: 'refuse' },
  throttling: { service: 'bedrock-runtime', kind: 'throttle' },
};

describe.each(Object.entries(faults))('a region that is %s', (_, rule) => {
  it.each([false, true])('costs its callers nothing but attempts (stream: %s)', async (stream) => {
    await spillway.control('PUT', 'faults', [{ ...rule, region: 'us-east-1' }]);
    const { response, text, calls } = await ask(spillway.gatewayUrl('us-east-1'), 'us', { stream });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-spillway-region')).not.toBe('us-east-1');
    expect(text.length).toBeGreaterThan(20);
    expect(calls).toHaveLength(Number(response.headers.get('x-spillway-attempts')));
    expectInside('us', calls);
  });
});

describe('a region that hangs', () => {
  it('is left within its share of the deadline', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', region: 'eu-central-1', kind: 'hang' },
    ]);
    const started = performance.now();
    const { response } = await ask(spillway.gatewayUrl('eu-central-1'), 'eu');
    expect(response.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(response.headers.get('x-spillway-region')).not.toBe('eu-central-1');
  });
});

describe('no answer', () => {
  it('is no_lawful_target where no reach lies inside the residency, without a call', async () => {
    const { response, text, calls } = await ask(spillway.gatewayUrl('eu-central-1'), 'frankfurt');
    expect([response.status, JSON.parse(text).error.code]).toEqual([403, 'no_lawful_target']);
    expect(response.headers.get('x-spillway-attempts')).toBe('0');
    expect(calls).toEqual([]);
  });

  it('is upstream_failed where every lawful target failed, and stays inside the residency all the same', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'error', error: 'InternalServerException' },
    ]);
    const { response, text, calls } = await ask(spillway.gatewayUrl('eu-central-1'), 'eu');
    expect([response.status, JSON.parse(text).error.code]).toEqual([502, 'upstream_failed']);
    expect(calls.length).toBeGreaterThan(0);
    expectInside('eu', calls);
  });

  it('is capacity_exhausted with the earliest Retry-After where every quota pool rests', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'throttle', retryAfterSeconds: 7 },
    ]);
    const { response, text } = await ask(spillway.gatewayUrl('ap-northeast-1'), 'japan');
    expect([response.status, JSON.parse(text).error.code]).toEqual([429, 'capacity_exhausted']);
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(7);
  });

  it('is wrong_gateway_region where the gateway itself lies outside, with those inside', async () => {
    const { response, text, calls } = await ask(spillway.gatewayUrl('us-east-1'), 'eu');
    const { error } = JSON.parse(text) as {
      error: { code: string; gateways: { region: string; url: string }[] };
    };
    expect([response.status, error.code]).toEqual([421, 'wrong_gateway_region']);
    expect(error.gateways.map((gateway) => gateway.region).sort()).toEqual(['eu-central-1', 'eu-west-1']);
    expect(error.gateways.map((gateway) => gateway.url)).toContain(spillway.gatewayUrl('eu-central-1'));
    expect(calls).toEqual([]);
  });
});

describe('a stream that breaks after its first content', () => {
  it.each(['cut-stream', 'stream-exception', 'malformed-frame', 'reset'])(
    'by %s ends in a typed error, without an invented stop and without a replay',
    async (kind) => {
      await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', kind, afterChunks: 3 }]);
      const { response, text, calls } = await ask(spillway.gatewayUrl('us-east-1'), 'us', { stream: true });
      expect(response.status).toBe(200);
      expect(text).toContain('"stream_interrupted"');
      expect(text).not.toContain('[DONE]');
      expect(text).not.toContain('"finish_reason":"stop"');
      expect(calls).toHaveLength(1);
    },
  );
});

describe('a dedicated endpoint', () => {
  /** On a slow machine the serverless targets may still rest from what other tests did to them. */
  const tierOnceRested = () =>
    eventually(
      async () => {
        const { response } = await ask(spillway.gatewayUrl('us-east-1'), 'us', { model: 'chat-small' });
        expect(response.status).toBe(200);
        const tier = response.headers.get('x-spillway-tier');
        return tier === 'baseline' ? undefined : tier;
      },
      'an answer from before the baseline',
      40_000,
    );

  it('that fails is followed by serverless capacity', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'sagemaker-runtime', kind: 'error', error: 'ServiceUnavailable' },
    ]);
    expect(await tierOnceRested()).toBe('serverless');
  });

  it('that has scaled to zero is followed by serverless capacity', async () => {
    await spillway.control('PATCH', 'endpoints', { region: 'us-east-1', endpoint: 'chat-small', copies: 0 });
    const tier = await tierOnceRested().finally(() => spillway.control('DELETE', 'endpoints'));
    expect(tier).toBe('serverless');
  });
});

describe('a caller that leaves', () => {
  it.each([
    ['in the middle of a stream', { kind: 'stall-stream', afterChunks: 2 }, true],
    ['before the first content of a stream', { kind: 'hang' }, true],
    ['while a plain answer is being read', { kind: 'stall-stream', afterChunks: 2 }, false],
  ])('%s takes the calls to the target with it within a second', async (_, fault, stream) => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', operation: 'ConverseStream', ...fault },
    ]);
    const from = (await spillway.journal()).at(-1)?.seq ?? 0;
    const calls = async () => modelCalls(await spillway.journal(`?since=${from}`));
    const caller = new AbortController();
    const leaving = Array.from({ length: 20 }, () => readUntilAborted(caller.signal, stream));
    await eventually(async () => ((await calls()).length >= 20 ? true : undefined), 'twenty calls');
    caller.abort();
    await Promise.all(leaving);
    await eventually(
      async () => ((await calls()).every((call) => call.aborted) ? true : undefined),
      'the aborts in the journal',
      1_000,
    );
    expect(await calls()).toHaveLength(20);
  });
});

async function readUntilAborted(signal: AbortSignal, stream: boolean): Promise<void> {
  const body = { stream, model: 'chat-large' };
  const url = spillway.gatewayUrl('eu-west-1');
  const response = chat(url, { body, headers: { 'x-spillway-residency': 'eu' }, signal });
  await response.then((answer) => answer.text()).catch(() => undefined);
}

describe('many callers at once', () => {
  it('get whole streams beside callers that read nothing, in a region that throttles', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', region: 'eu-west-1', kind: 'throttle' },
    ]);
    const url = spillway.gatewayUrl('eu-west-1');
    const headers = { 'x-spillway-residency': 'eu' };
    const idle = await Promise.all(
      Array.from({ length: 20 }, () => chat(url, { headers, body: { stream: true, max_tokens: 4000 } })),
    );
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const response = await chat(url, { headers, body: { stream: true } });
        return { status: response.status, text: await response.text() };
      }),
    );
    await Promise.all(idle.map((response) => response.body?.cancel()));
    expect(
      answers.filter(({ status, text }) => status !== 200 || !text.endsWith('data: [DONE]\n\n')),
    ).toEqual([]);
  });
});

describe('a deadline', () => {
  it.each(['hang', 'refuse', 'throttle'])('holds where every region is struck by %s', async (kind) => {
    await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', kind }]);
    const headers = { 'x-spillway-residency': 'us', 'x-spillway-deadline-ms': '900' };
    const startedMs = performance.now();
    const response = await chat(spillway.gatewayUrl('us-east-1'), { headers });
    expect(performance.now() - startedMs).toBeLessThan(1_900);
    expect(['upstream_failed', 'deadline_exceeded', 'capacity_exhausted']).toContain(
      ((await response.json()) as { error: { code: string } }).error.code,
    );
  });

  it('of callers in a hurry finds a target that was slow once, and is no longer', async () => {
    const url = spillway.gatewayUrl('ap-northeast-1');
    // In Japan, Tokyo alone offers this model.
    const ask = (deadlineMs: string) =>
      chat(url, {
        headers: { 'x-spillway-residency': 'japan', 'x-spillway-deadline-ms': deadlineMs },
        body: { model: 'chat-small' },
      });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'latency', milliseconds: 700 },
    ]);
    // More than the pace of a target remembers.
    await Promise.all(Array.from({ length: 40 }, async () => (await ask('20000')).text()));
    expect((await ask('600')).status).toBe(504);
    await spillway.control('DELETE', 'faults');
    const answered = async () => ((await ask('600')).status === 200 ? true : undefined);
    expect(await eventually(answered, 'an answer within 600 ms', 20_000)).toBe(true);
  });
});

describe('attempts in the header', () => {
  it.each(['3000', '700', '60', '12', '5', '3', '2', '1'])(
    'are the calls of the journal where nobody answers and other accounts lend no credentials, within %s ms',
    async (deadlineMs) => {
      await spillway.control('PUT', 'faults', [
        { service: 'sts', kind: 'hang' },
        { service: 'bedrock-runtime', region: 'us-east-1', kind: 'refuse' },
        { service: 'bedrock-runtime', region: 'us-east-2', kind: 'hang' },
        { service: 'bedrock-runtime', kind: 'error', error: 'ExpiredTokenException' },
      ]);
      const traceId = crypto.randomUUID().replaceAll('-', '');
      const headers = {
        'x-spillway-residency': 'anywhere',
        'x-spillway-deadline-ms': deadlineMs,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      };
      const response = await chat(spillway.gatewayUrl('us-east-1'), { headers });
      const text = await response.text();
      expect([502, 504], text).toContain(response.status);
      const said = Number(response.headers.get('x-spillway-attempts'));
      // One that was given up at once may still arrive.
      const callsOf = async () =>
        modelCalls(await spillway.journal()).filter((call) => call.traceparent?.includes(traceId)).length;
      const agreed = async () => ((await callsOf()) >= said ? true : undefined);
      await eventually(agreed, 'the calls in the journal', 2_000).catch(() => undefined);
      expect(await callsOf(), text).toBe(said);
    },
  );
});

describe('a gateway that has just started with regions dark', () => {
  it.each(['refuse', 'hang'])('answers its first requests all the same (%s)', async (kind) => {
    const cold = await startSpillway({
      parameters: ['--discover-every', '3600'],
      faults: [
        { service: 'bedrock-runtime', region: 'us-east-1', kind },
        { service: 'bedrock-runtime', region: 'us-east-2', kind: 'refuse' },
        { service: 'bedrock', region: 'us-east-2', kind: 'hang' },
      ],
    });
    try {
      const url = cold.gatewayUrl('us-east-1');
      const headers = { 'x-spillway-residency': 'us', 'x-spillway-deadline-ms': '6000' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => chat(url, { headers, body: { stream: index % 2 === 0 } })),
      );
      expect(answers.map((response) => response.status)).toEqual(answers.map(() => 200));
      await Promise.all(answers.map((response) => response.text()));
    } finally {
      await cold.close();
    }
  });
});

// Last, because its pools rest on.
describe.each([
  ['a count', 'CountTokens'],
  ['a chat of more targets than attempts', 'Converse*'],
])('an answer to %s that is throttled everywhere', (kind, operation) => {
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const ask = { model: 'chat-large', messages };

  it('is a wait, in the words of the Anthropic client too', async () => {
    const rules = operation === 'Converse*' ? ['Converse', 'ConverseStream'] : [operation];
    await spillway.control(
      'PUT',
      'faults',
      rules.map((each) => ({
        service: 'bedrock-runtime',
        operation: each,
        kind: 'throttle',
        retryAfterSeconds: 6,
      })),
    );
    const client = new Anthropic({
      baseURL: spillway.gatewayUrl('us-east-1'),
      apiKey: 'sk-local',
      authToken: null,
      maxRetries: 0,
      defaultHeaders: { 'x-spillway-residency': 'anywhere' },
    });
    const call = (stream: boolean): PromiseLike<unknown> =>
      kind === 'a count'
        ? client.messages.countTokens(ask)
        : client.messages.create({ ...ask, max_tokens: 64, stream });
    for (const stream of [false, true]) {
      const error = await failure(call(stream));
      expect(error).toBeInstanceOf(RateLimitError);
      const { headers, errorCode } = error as RateLimitError & { readonly errorCode?: string };
      expect(errorCode).toBe('capacity_exhausted');
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(6);
    }
  });
});
