import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServedGateway, type ServeOptions, serveGateway } from '#server/node-server.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import { webRequestOf } from '#test/builders/web-request-of.ts';

let served: ServedGateway | undefined;
const sessions: ClientHttp2Session[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await served?.close();
});

async function open(handle: (request: Request) => Promise<Response>, options: Partial<ServeOptions> = {}) {
  served = await serveGateway({ handle: (request) => handle(webRequestOf(request)), port: 0, ...options });
  const session = connect(served.url);
  session.on('error', () => undefined);
  sessions.push(session);
  return { served, session };
}

function send(session: ClientHttp2Session, body: string, headers: Record<string, string> = {}) {
  const stream = session.request({ ':method': 'POST', ':path': '/model/m/converse?a=1', ...headers });
  stream.on('error', () => undefined);
  stream.end(body);
  return stream;
}

async function answerOf(stream: ReturnType<typeof send>) {
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return { headers, text };
}

const echo = async (request: Request) =>
  Response.json({
    path: new URL(request.url).pathname + new URL(request.url).search,
    key: request.headers.get('authorization'),
    body: await request.text(),
  });

describe('HTTP/2 on the port of HTTP/1.1', () => {
  it('hands requests to the gateway as HTTP/1.1 does, many on one connection, beside HTTP/1.1', async () => {
    const { served, session } = await open(echo);
    const bodies = ['one', 'zwei 世界', 'x'.repeat(1_000_000)];
    const answers = await Promise.all(
      bodies.map((body) => answerOf(send(session, body, { authorization: 'Bearer k' }))),
    );
    for (const [index, { headers, text }] of answers.entries()) {
      expect(headers[':status']).toBe(200);
      expect(JSON.parse(text)).toEqual({
        path: '/model/m/converse?a=1',
        key: 'Bearer k',
        body: bodies[index],
      });
    }
    const beside = await fetch(`${served.url}/x`, { method: 'POST', body: 'b' });
    expect(await beside.json()).toMatchObject({ body: 'b' });
  });

  it('answers before the body was read, and goes on serving the connection', async () => {
    const { session } = await open(async () => new Response('no', { status: 401 }));
    for (const body of ['x'.repeat(200_000), 'short']) {
      const { headers, text } = await answerOf(send(session, body));
      expect([headers[':status'], text]).toEqual([401, 'no']);
    }
  });

  it('tells the gateway that the caller left one answer, and no other before its connection goes', async () => {
    const signals: AbortSignal[] = [];
    const { session } = await open(async (request) => {
      signals.push(request.signal);
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('begun')),
      });
      return new Response(body, { headers: { 'content-type': 'application/vnd.amazon.eventstream' } });
    });
    const streams = [send(session, 'a'), send(session, 'b')];
    await Promise.all(streams.map((stream) => once(stream, 'data')));
    streams[0]?.close(constants.NGHTTP2_CANCEL);
    await eventually(() => signals.some((signal) => signal.aborted), 'the abort');
    expect(signals.filter((signal) => signal.aborted)).toHaveLength(1);
    session.destroy();
    await eventually(() => signals.every((signal) => signal.aborted), 'the abort of all');
  });

  it('does not count an answer that was sent whole as one that the caller left', async () => {
    let signal: AbortSignal | undefined;
    const { session } = await open(async (request) => {
      signal = request.signal;
      return new Response('whole');
    });
    const stream = send(session, 'a');
    await answerOf(stream);
    expect(stream.closed || stream.readableEnded).toBe(true);
    expect(signal?.aborted).toBe(false);
  });

  it('breaks a stream whose body fails, so that it does not look whole', async () => {
    const { session } = await open(async () => {
      const chunks = ['begun'];
      return new Response(
        new ReadableStream({
          pull: (controller) => {
            const chunk = chunks.shift();
            if (chunk === undefined) throw new Error('broken');
            controller.enqueue(new TextEncoder().encode(chunk));
          },
        }),
      );
    });
    const stream = send(session, 'a');
    stream.resume();
    await eventually(() => stream.closed, 'the end of the stream');
    expect(stream.rstCode).not.toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('ends a request whose body does not arrive in time', async () => {
    const { session } = await open(echo, { limits: { headersMsMax: 50, requestMsMax: 50 } });
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.on('error', () => undefined);
    stream.write('half');
    stream.resume();
    await eventually(() => stream.closed, 'the end of the stream');
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
  });

  it('lets an idle connection go, and none with an answer under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const handle = async () => {
      await promise;
      return new Response('late');
    };
    const { served, session } = await open(handle, { limits: { keepAliveMs: 40 } });
    const answer = answerOf(send(session, 'a'));
    const idle = connect(served.url);
    sessions.push(idle);
    await once(idle, 'close');
    expect(session.closed).toBe(false);
    resolve();
    expect((await answer).text).toBe('late');
    await once(session, 'close');
  });

  it('finishes what is under way when the server closes, and takes nothing more', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { served, session } = await open(async () => {
      await promise;
      return new Response('finished');
    });
    const answer = answerOf(send(session, 'a'));
    await eventually(() => !session.connecting, 'the connection');
    const idle = connect(served.url);
    idle.on('error', () => undefined);
    sessions.push(idle);
    await once(idle, 'connect');
    const closed = served.close();
    resolve();
    expect((await answer).text).toBe('finished');
    await closed;
    await eventually(() => idle.destroyed && session.destroyed, 'the end of both connections');
  });

  it('tells a connection that says nothing that its time is over', async () => {
    const { served } = await open(echo, { limits: { headersMsMax: 50 } });
    const socket = connectSocket(served.port, '127.0.0.1');
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('survives bytes that begin as HTTP/2 and are not', async () => {
    const { served, session } = await open(echo);
    const socket = connectSocket(served.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense that is no frame at all, and more of it'.repeat(3),
    );
    await once(socket, 'close');
    expect((await answerOf(send(session, 'still here'))).headers[':status']).toBe(200);
  });
});

it('lets a connection go that ends its half without a byte', async () => {
  await open(echo);
  const socket = connectSocket({ port: served?.port ?? 0, host: '127.0.0.1', allowHalfOpen: true });
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  await once(socket, 'connect');
  socket.end();
  await once(socket, 'close');
  expect(heard).toBe('');
});
