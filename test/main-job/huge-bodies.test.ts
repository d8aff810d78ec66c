/** Bodies of 200 MB, in and out: refused early, or passed at the reader's pace, and never held. */
import { once } from 'node:events';
import { Agent, request as httpRequest, type ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import type { UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { eventFrame, payloadPart } from '#test/builders/event-stream-frame.ts';
import { type LoopbackUpstream, openLoopbackUpstream } from '#test/builders/loopback-upstream.ts';
import { loopbackClient } from '#test/builders/upstream-client.ts';
import { callPaths } from '#usecases/gateway/endpoints.ts';

const HUGE_BYTES = 200_000_000;
const PIECE = Buffer.alloc(64 * 1024, ' ');
/** The bound of a body is 8 MB; what stands in sockets comes on top. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

/** Pieces as fast as they are taken; counts them. */
function pieces() {
  const sent = { bytes: 0 };
  const body = Readable.from(
    (function* () {
      for (; sent.bytes < HUGE_BYTES; sent.bytes += PIECE.length) yield PIECE;
    })(),
  );
  body.on('error', () => undefined);
  return { sent, body };
}

const headersOf = (sized: boolean) => ({
  authorization: 'Bearer sk-local',
  'content-type': 'application/json',
  ...(sized ? { 'content-length': String(HUGE_BYTES) } : {}),
});

interface Told {
  readonly status: number;
  readonly bytes: number;
}

async function sendOverHttp1(url: string, path: string, sized: boolean): Promise<Told> {
  const { sent, body } = pieces();
  const agent = new Agent({ keepAlive: true });
  const request = httpRequest(url + path, { method: 'POST', headers: headersOf(sized), agent });
  request.on('error', () => undefined);
  body.pipe(request);
  const [response] = (await once(request, 'response')) as [{ readonly statusCode: number }];
  const told = { status: response.statusCode, bytes: sent.bytes };
  body.destroy();
  request.destroy();
  agent.destroy();
  return told;
}

async function sendOverHttp2(url: string, path: string, sized: boolean): Promise<Told> {
  const { sent, body } = pieces();
  const session = connectHttp2(url);
  session.on('error', () => undefined);
  const stream = session.request({ ':method': 'POST', ':path': path, ...headersOf(sized) });
  stream.on('error', () => undefined);
  body.pipe(stream);
  const [headers] = (await once(stream, 'response')) as [{ readonly ':status': number }];
  const told = { status: headers[':status'], bytes: sent.bytes };
  body.destroy();
  session.destroy();
  return told;
}

describe('a request of 200 MB', () => {
  let served: ServedGateway;
  beforeAll(async () => {
    const { gateway } = await aStartedGateway([aTarget()]);
    served = await serveGateway({ handle: (request) => gateway.answer(request), port: 0 });
  });
  afterAll(() => served?.close());

  const paths = [...callPaths, '/spillway/v1/explain'].map((path) => path.replace(/\{\w+\}/, 'chat-small'));
  const ways = [
    ['HTTP/1.1', sendOverHttp1],
    ['HTTP/2', sendOverHttp2],
  ] as const;

  it.each(
    paths.flatMap((path) =>
      ways.flatMap(([version, send]) => [true, false].map((sized) => ({ path, version, send, sized }))),
    ),
  )('to $path over $version is refused early (its length told: $sized)', async ({ path, send, sized }) => {
    const { status, bytes } = await send(served.url, path, sized);
    expect(status).toBe(413);
    // Told its length, it is refused unread: what was taken stands in sockets.
    expect(bytes).toBeLessThan(sized ? REQUEST_BYTES_MAX / 2 : REQUEST_BYTES_MAX);
  });
});

describe('an answer of 200 MB', () => {
  let upstream: LoopbackUpstream;
  let client: UpstreamClient;
  let answer: (response: ServerResponse) => AsyncGenerator<Buffer>;
  let sentBytes = 0;

  beforeAll(async () => {
    upstream = await openLoopbackUpstream(async (response) => {
      sentBytes = 0;
      for await (const bytes of answer(response)) {
        if (response.destroyed) return;
        sentBytes += bytes.length;
        if (!response.write(bytes)) await drainedOrClosed(response);
      }
      response.end();
    });
    client = loopbackClient(upstream.endpoint);
  });
  afterAll(async () => {
    await client?.close();
    await upstream?.close();
  });

  const started = (target = aTarget()) =>
    aStartedGateway([target], { overrides: { invoker: createTargetInvoker(client), clock: systemClock } });
  const streamType = { 'content-type': 'application/vnd.amazon.eventstream' };
  const plain = aTarget({ capabilities: { ...aTarget().capabilities, streaming: false } });

  async function* huge(): AsyncGenerator<Buffer> {
    for (let bytes = 0; bytes < HUGE_BYTES; bytes += PIECE.length) yield PIECE;
  }

  /** What a target says without end, how much of it may be taken, and by whom. */
  const refused = [
    ['an error of JSON', aTarget(), { status: 500, type: 'application/json' }, 16_000_000],
    ['a whole answer of JSON', plain, { status: 200, type: 'application/json' }, 48_000_000],
  ] as const;

  it.each(refused)('as %s is given up', async (_, target, { status, type }, bytesMax) => {
    answer = async function* (response) {
      response.writeHead(status, { 'content-type': type });
      yield Buffer.from('{"message":"');
      yield* huge();
    };
    const { chat } = await started(target);
    expect((await chat()).status).toBe(502);
    expect(sentBytes).toBeLessThan(bytesMax);
  });

  it('as one frame is given up when it says its length', async () => {
    const frame = eventFrame('contentBlockDelta', {});
    frame.writeUInt32BE(HUGE_BYTES, 0);
    answer = async function* (response) {
      response.writeHead(200, streamType);
      yield frame;
      yield* huge();
    };
    const { chat } = await started();
    expect((await chat({ stream: true })).status).toBe(502);
    expect(sentBytes).toBeLessThan(16_000_000);
  });

  it('as one line of a container is given up', async () => {
    const part = payloadPart(PIECE);
    answer = async function* (response) {
      response.writeHead(200, streamType);
      for (let bytes = 0; bytes < HUGE_BYTES; bytes += part.length) yield part;
    };
    const { chat } = await started(aDedicatedTarget());
    expect((await chat({ stream: true })).status).toBe(502);
    expect(sentBytes).toBeLessThan(32_000_000);
  });

  const delta = eventFrame('contentBlockDelta', {
    contentBlockIndex: 0,
    delta: { text: 'x'.repeat(1_000_000) },
  });
  const streamed = async function* (response: ServerResponse): AsyncGenerator<Buffer> {
    response.writeHead(200, streamType);
    yield eventFrame('messageStart', { role: 'assistant' });
    for (let bytes = 0; bytes < HUGE_BYTES; bytes += 1_000_000) yield delta;
    yield eventFrame('messageStop', { stopReason: 'end_turn' });
    yield eventFrame('metadata', { usage: { inputTokens: 1, outputTokens: 1 } });
  };

  it('as a stream reaches its reader whole, and is never held', async () => {
    answer = streamed;
    const { chat } = await started();
    const reader = (await chat({ stream: true })).body?.getReader();
    let bytes = 0;
    let end = '';
    let heldMax = 0;
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) {
      bytes += step.value.length;
      end = Buffer.from(step.value.subarray(-64)).toString('utf8');
      heldMax = Math.max(heldMax, sentBytes - bytes);
    }
    expect(bytes).toBeGreaterThan(HUGE_BYTES);
    expect(end).toContain('[DONE]');
    // What was sent and not yet read: a few frames, and sockets.
    expect(heldMax).toBeLessThan(24_000_000);
  });

  it('is given up where all of it would have to be held: whole, and at the end of a response', async () => {
    answer = streamed;
    const { chat } = await started();
    expect((await chat()).status).toBe(502);
    expect(sentBytes).toBeLessThan(32_000_000);
    const again = await started();
    const response = await again.post('/v1/responses', { model: 'chat-small', input: 'Hello', stream: true });
    expect((await response.text()).includes('stream_interrupted')).toBe(true);
    expect(sentBytes).toBeLessThan(32_000_000);
  });
});

/** Takes both listeners away: a race of two `once` would leave one behind for each wait. */
function drainedOrClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}
