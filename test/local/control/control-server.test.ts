import { request } from 'node:http';
import { BedrockClient, ListFoundationModelsCommand } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlError } from '#local/service.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import {
  callControl,
  clientOptions,
  readJournal,
  startTestServer,
} from '#test/builders/local-test-server.ts';

interface Refusal {
  readonly violations: readonly { readonly path: string }[];
}

let server: LocalServer;
const gateways: unknown[] = [];
beforeAll(async () => {
  server = await startTestServer({
    gateways: {
      regions: ['eu-west-1', 'us-east-1'],
      setUp: (region, up) => {
        gateways.push({ region, up });
      },
    },
    controls: [
      {
        name: 'odd',
        methods: {
          GET: () => {
            throw new Error('secret detail');
          },
          PATCH: () => {
            throw new ControlError([{ path: 'a.b', message: 'is wrong' }]);
          },
        },
      },
    ],
  });
});
afterAll(() => server.close());
beforeEach(() => callControl(server, 'DELETE', 'journal'));

function raw(headers: Record<string, string>, path = '/_local/health', method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the control API', () => {
  it('answers this machine only: host and origin must be its own', async () => {
    const { port } = server;
    expect(await raw({ host: `127.0.0.1:${port}` })).toBe(200);
    expect(await raw({ host: 'localhost' })).toBe(200);
    expect(await raw({ host: `evil.example:${port}` })).toBe(403);
    expect(await raw({ host: 'localhost.evil.example' })).toBe(403);
    expect(await raw({ host: '127.0.0.1', origin: 'http://localhost:4000' })).toBe(200);
    expect(await raw({ host: '127.0.0.1', origin: 'https://evil.example' })).toBe(403);
    expect(await raw({ host: '127.0.0.1', origin: 'null' })).toBe(403);
  });

  it('answers 404 for what there is not, 405 with the methods that there are', async () => {
    expect((await callControl(server, 'GET', 'nothing')).status).toBe(404);
    expect((await callControl(server, 'GET', 'constructor')).status).toBe(404);
    const response = await fetch(`${server.url}/_local/faults`, { method: 'POST', body: '[]' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
  });

  it('passes on violations of its resources and hides their defects', async () => {
    expect(await callControl(server, 'PATCH', 'odd', {})).toEqual({
      status: 400,
      body: { error: 'a.b: is wrong', violations: [{ path: 'a.b', message: 'is wrong' }] },
    });
    expect(await callControl(server, 'GET', 'odd')).toEqual({
      status: 500,
      body: { error: 'internal error' },
    });
    const broken = await fetch(`${server.url}/_local/faults`, { method: 'PUT', body: '[{' });
    expect(broken.status).toBe(400);
  });

  it('tells that it is well, and of what it is made', async () => {
    const { body } = await callControl(server, 'GET', 'health');
    expect(body).toEqual({ status: 'ok', services: ['bedrock', 'bedrock-runtime', 'sts'] });
  });

  it('hands changes of gateways on, whole or not at all', async () => {
    expect((await callControl(server, 'PATCH', 'gateways', { region: 'eu-west-1', up: false })).status).toBe(
      200,
    );
    const bad = await callControl<Refusal>(server, 'PATCH', 'gateways', [
      { region: 'eu-west-1', up: true },
      { region: 3, upp: 1 },
    ]);
    expect(bad.body.violations.map(({ path }) => path)).toEqual(['[1].upp', '[1].region', '[1].up']);
    expect(gateways).toEqual([{ region: 'eu-west-1', up: false }]);
  });

  it('refuses gateways that there are none of, each with its path, its value and those that there are', async () => {
    const before = [...gateways];
    const { status, body } = await callControl<Refusal>(server, 'PATCH', 'gateways', [
      { region: 'us-east-1', up: false },
      { region: 'mars-1', up: false },
      { region: '', up: 'no' },
    ]);
    expect(status).toBe(400);
    expect(body.violations).toEqual([
      { path: '[1].region', message: 'is "mars-1"; must be one of eu-west-1, us-east-1' },
      { path: '[2].region', message: 'is ""; must be one of eu-west-1, us-east-1' },
      { path: '[2].up', message: 'is "no"; must be true or false' },
    ]);
    expect(gateways).toEqual(before);
  });

  it('is not journalled', async () => {
    await callControl(server, 'GET', 'faults');
    expect((await callControl(server, 'GET', 'journal')).body).toEqual([]);
  });
});

describe('fault rules', () => {
  const violations = async (rules: unknown) => {
    const { status, body } = await callControl<Refusal>(server, 'PUT', 'faults', rules);
    expect(status).toBe(400);
    return body.violations.map(({ path }) => path);
  };

  it('are refused as a whole, each violation with its path, and nothing changes', async () => {
    const good = [{ kind: 'hang', service: 'sns', region: 'xx-nowhere-1' }];
    await callControl(server, 'PUT', 'faults', good);
    const paths = await violations([
      { kind: 'throttle' },
      { kind: 'boom', service: 'bedrok' },
      { kind: 'latency' },
      { kind: 'throttle', service: 'bedrok' },
      { kind: 'throttle', operation: 'Convers' },
      { kind: 'error' },
      { kind: 'error', error: 'NoSuchException' },
      {
        kind: 'throttle',
        probability: 1.5,
        count: 0,
        afterChunks: 0.5,
        milliseconds: -1,
        retryAfterSeconds: '3',
      },
      { kind: 'throttle', colour: 'red', account: 'abc', region: 'EU', target: '' },
      'rule',
    ]);
    expect(paths).toEqual([
      '[1].kind',
      '[2].milliseconds',
      '[3].service',
      '[4].operation',
      '[5].error',
      '[6].error',
      '[7].retryAfterSeconds',
      '[7].milliseconds',
      '[7].afterChunks',
      '[7].probability',
      '[7].count',
      '[8].colour',
      '[8].account',
      '[8].region',
      '[8].target',
      '[9]',
    ]);
    expect(await violations({})).toEqual(['$']);
    expect((await callControl(server, 'GET', 'faults')).body).toEqual(good);
    expect((await callControl(server, 'DELETE', 'faults')).body).toEqual([]);
  });

  it('are refused at once where they are too many, with no more violations than anybody reads', async () => {
    const rules = Array.from({ length: 10_001 }, () => ({ kind: 'hang' }));
    expect(await callControl(server, 'PUT', 'faults', rules)).toMatchObject({
      status: 400,
      body: { error: '$: holds 10001 rules; must hold 10000 at most' },
    });
    const wrong = await callControl(
      server,
      'PUT',
      'faults',
      Array.from({ length: 10_000 }, () => 0),
    );
    const { violations } = wrong.body as { violations: readonly { message: string }[] };
    expect(violations).toHaveLength(101);
    expect(violations.at(-1)?.message).toBe('and 9900 more violations');
  });

  it('name only errors that the operation models, or that all of AWS shares', async () => {
    const rule = { kind: 'error', service: 'bedrock', operation: 'ListFoundationModels' };
    expect(await violations([{ ...rule, error: 'ResourceNotFoundException' }])).toEqual(['[0].error']);
    for (const error of ['InternalServerException', 'ThrottlingException', 'ExpiredTokenException']) {
      expect((await callControl(server, 'PUT', 'faults', [{ ...rule, error }])).status).toBe(200);
    }
    const whole = { kind: 'error', service: 'bedrock', error: 'ResourceNotFoundException' };
    expect((await callControl(server, 'PUT', 'faults', [whole])).status).toBe(200);
    await callControl(server, 'DELETE', 'faults');
  });

  it('must fit the operation that they name', async () => {
    expect(
      await violations([
        { kind: 'cut-stream', operation: 'Converse' },
        { kind: 'empty', operation: 'Converse' },
        { kind: 'stream-exception', operation: 'ConverseStream', error: 'AccessDeniedException' },
        { kind: 'stream-error', operation: 'ConverseStream', error: 'ResourceInUseException' },
        { kind: 'stream-error', operation: 'ConverseStream' },
        { kind: 'error', error: 'ThrottlingException', message: '', originalStatusCode: 99 },
      ]),
    ).toEqual([
      ...['[0].kind', '[1].kind', '[2].error', '[3].error', '[4].error'],
      ...['[5].message', '[5].originalStatusCode'],
    ]);
  });

  it('take a whole number as seed and nothing else', async () => {
    expect((await callControl(server, 'PUT', 'seed', 5)).body).toEqual({ seed: 5 });
    expect((await callControl(server, 'PUT', 'seed', { seed: 1.5 })).status).toBe(400);
    expect((await callControl(server, 'PUT', 'seed', {})).status).toBe(400);
  });
});

describe('the journal', () => {
  it('keeps every call in order with all that the contract says, and can be filtered', async () => {
    const bedrock = new BedrockClient(clientOptions(server));
    const runtime = new BedrockRuntimeClient(
      clientOptions(server, { account: '222222222222', region: 'eu-west-1' }),
    );
    runtime.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers.traceparent = '00-1-2-01';
        return next(args);
      },
      { step: 'build' },
    );
    await bedrock.send(new ListFoundationModelsCommand({}));
    await runtime.send(new ConverseCommand({ modelId: 'a.b-v1:0', messages: [] }));
    const [first, second] = await readJournal(server);
    expect(first).toMatchObject({
      service: 'bedrock',
      operation: 'ListFoundationModels',
      target: null,
      reach: [],
    });
    expect(second).toEqual({
      seq: (first?.seq ?? 0) + 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'bedrock-runtime',
      operation: 'Converse',
      account: '222222222222',
      region: 'eu-west-1',
      target: 'a.b-v1:0',
      status: 200,
      requestId: expect.any(String),
      traceparent: '00-1-2-01',
      reach: ['eu-west-1'],
      servedRegion: 'eu-west-1',
      durationMs: expect.any(Number),
      chunks: 0,
      aborted: false,
    });
    const read = (query: string) => readJournal(server, `?${query}`);
    expect(await read(`since=${first?.seq ?? 0}`)).toEqual([second]);
    expect(await read('service=bedrock')).toEqual([first]);
    expect(await read('limit=1')).toEqual([first]);
    expect(
      (await callControl<Refusal>(server, 'GET', 'journal?since=x&colour=red')).body.violations,
    ).toHaveLength(2);
    await callControl(server, 'DELETE', 'journal');
    expect(await read('')).toEqual([]);
    await bedrock.send(new ListFoundationModelsCommand({}));
    expect((await read(''))[0]?.seq).toBe((second?.seq ?? 0) + 1);
    bedrock.destroy();
    runtime.destroy();
  });
});
