import { BedrockClient, ListFoundationModelsCommand } from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '#local/wire/local-server.ts';
import {
  callControl,
  clientOptions,
  readJournal,
  startTestServer,
  streamedTexts,
} from '#test/builders/local-test-server.ts';

let server: LocalServer;
let http2: BedrockRuntimeClient;
let http1: BedrockRuntimeClient;
/** Bedrock's control plane speaks HTTP/1.1, and so does a data plane client that borrows its transport. */
let lender: BedrockClient;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  await callControl(server, 'DELETE', 'journal');
  http2 = new BedrockRuntimeClient(clientOptions(server));
  lender = new BedrockClient(clientOptions(server));
  const { requestHandler } = lender.config;
  http1 = new BedrockRuntimeClient({ ...clientOptions(server), requestHandler });
});
afterEach(async () => {
  http1.destroy();
  lender.destroy();
  http2.destroy();
  await callControl(server, 'DELETE', 'faults');
});

const put = async (...rules: object[]) => {
  const answer = await callControl(server, 'PUT', 'faults', rules);
  expect(answer).toEqual({ status: 200, body: rules });
};
const journal = () => readJournal(server);
const converse = (client: BedrockRuntimeClient, abortSignal?: AbortSignal) =>
  client.send(new ConverseCommand({ modelId: 'm', messages: [] }), abortSignal ? { abortSignal } : {});
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

/** Texts until the stream ends, and the error it ended with. */
async function stream(client: BedrockRuntimeClient, abortSignal?: AbortSignal) {
  const texts: string[] = [];
  const seen: string[] = [];
  try {
    const answer = await client.send(
      new ConverseStreamCommand({ modelId: 'm', messages: [] }),
      abortSignal ? { abortSignal } : {},
    );
    for await (const event of answer.stream ?? []) {
      seen.push(Object.keys(event)[0] ?? '');
      const text = event.contentBlockDelta?.delta?.text;
      if (text !== undefined) texts.push(text);
    }
    return { texts, seen };
  } catch (error) {
    return { texts, seen, error: error as Error & { $metadata?: { httpStatusCode?: number } } };
  }
}

/** The journal once its last entry has got as far as wanted. */
async function journalled(wanted: object) {
  await expect.poll(async () => (await journal()).at(-1), { timeout: 5000 }).toMatchObject(wanted);
}

describe('error and throttle', () => {
  it('answer the modelled error with its status, and the rule stands in the journal', async () => {
    await put(
      { service: 'sts', kind: 'throttle' },
      { service: 'bedrock-runtime', kind: 'error', error: 'ModelNotReadyException', retryAfterSeconds: 7 },
    );
    const error = await failure(converse(http2));
    expect(error).toMatchObject({ name: 'ModelNotReadyException', $metadata: { httpStatusCode: 429 } });
    expect(error.$response.headers['retry-after']).toBe('7');
    expect(await journal()).toMatchObject([
      { status: 429, error: 'ModelNotReadyException', rule: 1, target: 'm' },
    ]);
  });

  it('say what the rule lets them say, and what status the container behind had', async () => {
    const model = { service: 'bedrock-runtime', error: 'ModelErrorException' };
    await put({ ...model, kind: 'error', message: 'The prompt is too long.', originalStatusCode: 400 });
    expect(await failure(converse(http1))).toMatchObject({
      name: 'ModelErrorException',
      message: 'The prompt is too long.',
      originalStatusCode: 400,
    });
    await put({ kind: 'error', error: 'ThrottlingException', originalStatusCode: 400 });
    expect(await failure(converse(http1))).not.toHaveProperty('originalStatusCode');
  });

  it('throttle as each service does', async () => {
    await put({ kind: 'throttle', retryAfterSeconds: 3 });
    expect(await failure(converse(http1))).toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
    const sts = new STSClient(clientOptions(server));
    expect(await failure(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'Throttling',
      $metadata: { httpStatusCode: 400 },
    });
    sts.destroy();
  });

  it('keep the status of an error at services that do not model it', async () => {
    await put({ kind: 'error', error: 'InternalServerException' });
    const sts = new STSClient(clientOptions(server));
    const error = await failure(sts.send(new GetCallerIdentityCommand({})));
    expect(error).toMatchObject({ name: 'InternalServerException', $metadata: { httpStatusCode: 500 } });
    sts.destroy();
  });

  it('do not hide that a call is not signed', async () => {
    await put({ kind: 'throttle' });
    expect((await fetch(`${server.url}/foundation-models`)).status).toBe(403);
  });
});

describe('latency', () => {
  it('adds up, and combines with the rule that strikes next', async () => {
    await put(
      { kind: 'latency', milliseconds: 40 },
      { kind: 'latency', milliseconds: 40 },
      { kind: 'throttle' },
      { kind: 'refuse' },
    );
    expect(await failure(converse(http2))).toMatchObject({ name: 'ThrottlingException' });
    const [entry] = await journal();
    expect(entry?.rule).toBe(2);
    expect(entry?.durationMs).toBeGreaterThanOrEqual(79);
  });

  it('alone only delays, and is the rule in the journal', async () => {
    await put({ kind: 'latency', milliseconds: 30 });
    await converse(http2);
    expect(await journal()).toMatchObject([{ status: 200, rule: 0 }]);
  });
});

describe('faults below HTTP', () => {
  it.each(['HTTP/1.1', 'HTTP/2'])(
    'refuse resets the socket before any answer byte over %s',
    async (version) => {
      await put({ kind: 'refuse', count: 1 });
      const client = version === 'HTTP/2' ? http2 : http1;
      const error = await failure(converse(client));
      expect(error).toBeInstanceOf(Error);
      expect(error.$metadata?.httpStatusCode).toBeUndefined();
      await journalled({ status: 0, rule: 0, target: 'm', reach: ['us-east-1'], aborted: false });
      await converse(client);
    },
  );

  it.each(['HTTP/1.1', 'HTTP/2'])('hang answers nothing until the caller leaves over %s', async (version) => {
    await put({ kind: 'hang' });
    const leave = new AbortController();
    const waiting = failure(converse(version === 'HTTP/2' ? http2 : http1, leave.signal));
    await journalled({ status: 0, rule: 0, aborted: false });
    leave.abort();
    expect(await waiting).toMatchObject({ name: 'AbortError' });
    await journalled({ status: 0, aborted: true });
  });

  it('refuse and hang strike before the signature is looked at', async () => {
    await put({ kind: 'refuse' });
    await expect(fetch(`${server.url}/foundation-models`)).rejects.toThrow();
    await journalled({ status: 0, rule: 0, account: null });
  });

  it.each(['HTTP/1.1', 'HTTP/2'])('reset breaks a plain answer after its head over %s', async (version) => {
    await put({ kind: 'reset', count: 1 });
    const client = version === 'HTTP/2' ? http2 : http1;
    expect(await failure(converse(client))).toBeInstanceOf(Error);
    await journalled({ status: 200, rule: 0, aborted: false });
    await converse(client);
  });
});

describe('stream faults', () => {
  it('leave a stream without a rule alone', async () => {
    expect(await stream(http2)).toMatchObject({ texts: streamedTexts });
    await journalled({ status: 200, chunks: 4, aborted: false });
    expect((await journal())[0]?.rule).toBeUndefined();
  });

  it.each(['HTTP/1.1', 'HTTP/2'])('reset breaks a stream after its chunks over %s', async (version) => {
    await put({ kind: 'reset', afterChunks: 2 });
    const { texts, error } = await stream(version === 'HTTP/2' ? http2 : http1);
    expect(texts).toEqual(['one', 'two']);
    expect(error).toBeInstanceOf(Error);
    await journalled({ status: 200, chunks: 2, rule: 0, aborted: false });
  });

  it.each(['HTTP/1.1', 'HTTP/2'])('cut-stream ends it cleanly before its time over %s', async (version) => {
    await put({ kind: 'cut-stream' });
    const { texts, seen, error } = await stream(version === 'HTTP/2' ? http2 : http1);
    expect(texts).toEqual(['one']);
    expect(seen).not.toContain('messageStop');
    expect(error).toBeUndefined();
    await journalled({ status: 200, chunks: 1, rule: 0 });
  });

  it('cut-stream with afterChunks 0 leaves a head without any event', async () => {
    await put({ kind: 'cut-stream', afterChunks: 0 });
    expect(await stream(http1)).toEqual({ texts: [], seen: [] });
    await journalled({ status: 200, chunks: 0 });
  });

  it('malformed-frame breaks the checksum', async () => {
    await put({ kind: 'malformed-frame', afterChunks: 3 });
    const { texts, error } = await stream(http2);
    expect(texts).toEqual(['one', 'two', 'three']);
    expect(error?.message).toMatch(/checksum/i);
  });

  it('stream-exception sends the named exception inside HTTP 200, or the first one the stream has', async () => {
    await put(
      { kind: 'stream-exception', error: 'ThrottlingException', count: 1 },
      { kind: 'stream-exception' },
    );
    expect((await stream(http2)).error?.name).toBe('ThrottlingException');
    expect((await stream(http2)).error?.name).toBe('InternalServerException');
    await journalled({ status: 200, chunks: 1, rule: 1 });
  });

  it('stream-exception says what the rule lets it say', async () => {
    const error = 'ModelStreamErrorException';
    await put({ kind: 'stream-exception', error, message: 'the model failed', originalStatusCode: 503 });
    expect((await stream(http2)).error).toMatchObject({
      name: error,
      message: 'the model failed',
      originalStatusCode: 503,
    });
  });

  it('stream-error sends an error that the stream does not model', async () => {
    const rule = { kind: 'stream-error', service: 'bedrock-runtime', error: 'ModelTimeoutException' };
    await put({ ...rule, message: 'too slow' });
    const { texts, error } = await stream(http2);
    expect(texts).toEqual(['one']);
    expect(error).toMatchObject({ name: 'ModelTimeoutException', message: 'too slow' });
    await journalled({ status: 200, chunks: 1, rule: 0 });
  });

  it('stall-stream falls silent until the caller leaves', async () => {
    await put({ kind: 'stall-stream', afterChunks: 2 });
    const leave = new AbortController();
    const streaming = stream(http1, leave.signal);
    await journalled({ chunks: 2, aborted: false });
    leave.abort();
    expect((await streaming).texts).toEqual(['one', 'two']);
    await journalled({ chunks: 2, aborted: true });
  });

  it('stall-stream with a time goes on after it', async () => {
    await put({ kind: 'stall-stream', milliseconds: 50 });
    expect((await stream(http2)).texts).toEqual(streamedTexts);
    expect((await journal())[0]?.durationMs).toBeGreaterThanOrEqual(49);
  });

  it('pass by calls that do not stream', async () => {
    await put({ kind: 'cut-stream' }, { kind: 'throttle', operation: 'Converse' });
    expect(await failure(converse(http2))).toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('empty', () => {
  it('empties lists and touches nothing else', async () => {
    await put({ kind: 'empty' });
    const bedrock = new BedrockClient(clientOptions(server));
    expect((await bedrock.send(new ListFoundationModelsCommand({}))).modelSummaries).toEqual([]);
    expect((await converse(http2)).stopReason).toBe('end_turn');
    expect(await journal()).toMatchObject([{ status: 200, rule: 0 }, { status: 200 }]);
    bedrock.destroy();
  });
});

describe('matching', () => {
  const name = async (place: { account?: string; region?: string }, modelId: string) => {
    const client = new BedrockRuntimeClient(clientOptions(server, place));
    const error = await failure(client.send(new ConverseCommand({ modelId, messages: [] })));
    client.destroy();
    return error?.name;
  };

  it('takes every field, wildcards inside them, and the first rule that fits', async () => {
    await put(
      {
        service: 'bedrock-*',
        operation: 'Conv*',
        account: '222222222222',
        region: 'eu-*',
        target: 'eu.*',
        kind: 'error',
        error: 'AccessDeniedException',
      },
      {
        region: 'eu-west-1',
        target: 'x',
        kind: 'error',
        error: 'ModelTimeoutException',
        operation: 'Converse',
      },
      { region: 'eu-west-1', kind: 'throttle' },
    );
    expect(await name({ account: '222222222222', region: 'eu-west-1' }, 'eu.a')).toBe(
      'AccessDeniedException',
    );
    expect(await name({ account: '111111111111', region: 'eu-west-1' }, 'eu.a')).toBe('ThrottlingException');
    expect(await name({ account: '222222222222', region: 'eu-west-1' }, 'x')).toBe('ModelTimeoutException');
    expect(await name({ account: '222222222222', region: 'us-east-1' }, 'eu.a')).toBeUndefined();
  });

  it('strikes as often as count says', async () => {
    await put({ kind: 'throttle', count: 2 });
    const names = [];
    for (let call = 0; call < 3; call += 1) names.push(await name({}, 'm'));
    expect(names).toEqual(['ThrottlingException', 'ThrottlingException', undefined]);
  });

  it('draws probability from the seed: the same seed, the same calls', async () => {
    await put({ kind: 'throttle', probability: 0.5 });
    const draw = async (seed: number) => {
      expect((await callControl(server, 'PUT', 'seed', { seed })).status).toBe(200);
      const struck = [];
      for (let call = 0; call < 24; call += 1) struck.push((await failure(converse(http2))) !== undefined);
      return struck;
    };
    const first = await draw(7);
    expect(await draw(7)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([true, false]));
    expect(await draw(8)).not.toEqual(first);
  });
});

it('takes rules in force before the first call', async () => {
  const early = await startTestServer({ faults: [{ kind: 'throttle', operation: 'Converse' }] });
  const client = new BedrockRuntimeClient(clientOptions(early));
  expect(await failure(converse(client))).toMatchObject({ name: 'ThrottlingException' });
  client.destroy();
  await early.close();
  await expect(startTestServer({ faults: [{ kind: 'boom' }] })).rejects.toThrow(/\[0\]\.kind/);
});
