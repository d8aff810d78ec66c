import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServedGateway, type ServeOptions, serveGateway } from '#server/node-server.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import { webRequestOf } from '#test/builders/web-request-of.ts';

let served: ServedGateway | undefined;

async function serve(
  handle: (request: Request) => Promise<Response>,
  options: Partial<ServeOptions> = {},
): Promise<ServedGateway> {
  served = await serveGateway({
    handle: (request) => handle(webRequestOf(request)),
    port: 0,
    hasTenantKeys: true,
    ...options,
  });
  return served;
}

afterEach(async () => {
  await served?.close();
});

const echo = async (request: Request) =>
  Response.json({
    method: request.method,
    path: new URL(request.url).pathname + new URL(request.url).search,
    tenant: request.headers.get('authorization'),
    body: await request.text(),
  });

/** Sends bytes as they are and resolves with everything that comes back until the server ends the connection. */
async function sendRaw(port: number, ...pieces: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  for (const piece of pieces) socket.write(piece, 'latin1');
  await once(socket, 'close');
  return text;
}

describe('the Node server', () => {
  it('hands method, path, query, headers and body to the gateway and its answer back', async () => {
    const { url } = await serve(echo);
    const answer = await fetch(`${url}/v1/chat/completions?a=1&b=%2F`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-local' },
      body: '{"grüße":"世界"}',
    });
    expect(await answer.json()).toEqual({
      method: 'POST',
      path: '/v1/chat/completions?a=1&b=%2F',
      tenant: 'Bearer sk-local',
      body: '{"grüße":"世界"}',
    });
  });

  it('gives the gateway a large body whole', async () => {
    const { url } = await serve(
      async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
    );
    const body = 'x'.repeat(3_000_000);
    expect(await (await fetch(url, { method: 'POST', body })).text()).toBe('3000000');
  });

  it('answers HEAD with the head of the answer alone', async () => {
    const { url } = await serve(async () => new Response('body', { headers: { 'x-test': 'yes' } }));
    const answer = await fetch(url, { method: 'HEAD' });
    expect(answer.headers.get('x-test')).toBe('yes');
    expect(await answer.text()).toBe('');
  });

  it('sends each part of a stream when it is made', async () => {
    const released = Promise.withResolvers<void>();
    const { url } = await serve(async () => {
      const parts = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(Buffer.from('data: 1\n\n'));
          await released.promise;
          controller.enqueue(Buffer.from('data: 2\n\n'));
          controller.close();
        },
      });
      return new Response(parts, { headers: { 'content-type': 'text/event-stream' } });
    });
    const answer = await fetch(url);
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    released.resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 2\n\n');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('makes no more of a stream than the caller takes', async () => {
    let made = 0;
    const { port } = await serve(async () => {
      const parts = new ReadableStream<Uint8Array>({
        pull(controller) {
          made += 1;
          controller.enqueue(Buffer.alloc(64 * 1024));
        },
      });
      return new Response(parts);
    });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually(() => made > 5, 'the stream begins');
    let before = -1;
    await eventually(() => {
      const settled = made === before;
      before = made;
      return settled;
    }, 'the stream stops');
    expect(made * 64).toBeLessThan(64 * 1024);
    socket.destroy();
  });

  it('aborts the request when the caller leaves before the answer', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const { port } = await serve(async (request) => {
      request.signal.addEventListener('abort', () => aborted.resolve(request.signal.reason));
      await aborted.promise;
      return new Response('late');
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n', () => socket.destroy());
    expect(String(await aborted.promise)).toContain('the caller has gone');
  });

  it('cancels the body of an answer when the caller leaves in the middle of it', async () => {
    const cancelled = Promise.withResolvers<void>();
    const { url } = await serve(async () => {
      const parts = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(Buffer.alloc(1024)),
        cancel: () => cancelled.resolve(),
      });
      return new Response(parts);
    });
    const controller = new AbortController();
    const answer = await fetch(url, { signal: controller.signal });
    await answer.body?.getReader().read();
    controller.abort();
    await cancelled.promise;
  });

  it('breaks the connection when a body fails, so that a broken answer does not look whole', async () => {
    const { url } = await serve(async () => {
      let part = 0;
      const parts = new ReadableStream<Uint8Array>({
        pull(controller) {
          part += 1;
          if (part > 1) throw new Error('broken');
          controller.enqueue(Buffer.from('half'));
        },
      });
      return new Response(parts);
    });
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
  });

  it('answers 500 without internals when the gateway throws, and tells the defect', async () => {
    const defects: unknown[] = [];
    const { url } = await serve(async () => Promise.reject(new Error('secret detail')), {
      onDefect: (error) => defects.push(error),
    });
    const answer = await fetch(url);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe(
      '{"error":{"message":"the gateway failed","type":"api_error","param":null,"code":"internal_error"}}',
    );
    expect(defects).toHaveLength(1);
  });
});

describe('the Node server, given what is not a proper request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', '400'],
    ['a broken header', 'GET / HTTP/1.1\r\nbad header\r\n\r\n', '400'],
    ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', '400'],
    ['two hosts', 'GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close\r\n\r\n', '400'],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', '400'],
    [
      'length and chunks at once',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['a wrong chunk', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', '400'],
    ['too many header bytes', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, '431'],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n', '405'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', '405'],
    ['an absolute target', 'GET http://a/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', '400'],
    ['a star', 'OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', '400'],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nhost: x\r\nexpect: magic\r\nconnection: close\r\n\r\n',
      '417',
    ],
  ])('refuses %s with a status, a request id and a code', async (_what, bytes, status) => {
    const { port } = await serve(async (request) => new Response(await request.text()));
    const answer = await sendRaw(port, bytes);
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(answer).toMatch(/\r\nx-spillway-request-id: [0-9a-f-]{36}\r\n/);
    expect(answer).toContain(`"code":"${status === '405' ? 'method_not_allowed' : 'invalid_request'}"`);
  });

  it("explains malformed HTTP in OpenAI's error format", async () => {
    const { port } = await serve(echo);
    const answer = await sendRaw(port, 'hello\r\n\r\n');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({
      error: {
        message: 'the request is not valid HTTP',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_request',
      },
    });
  });

  it('closes a connection whose head never ends', async () => {
    const { port } = await serve(echo, { limits: { headersMsMax: 100, requestMsMax: 200 } });
    expect(await sendRaw(port, 'GET / HTTP/1.1\r\nhost: x\r\n')).toContain('408');
  });

  it('closes a connection whose body never ends, and the gateway sees it', async () => {
    const failed = Promise.withResolvers<void>();
    const limits = { headersMsMax: 100, requestMsMax: 200 };
    const { port } = await serve(
      async (request) => {
        await request.text().catch(() => failed.resolve());
        return new Response('x');
      },
      { limits },
    );
    await sendRaw(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nonly this');
    await failed.promise;
  });

  it('cuts off a caller that takes nothing of its answer', async () => {
    const cancelled = Promise.withResolvers<void>();
    const { port } = await serve(
      async () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull: (controller) => controller.enqueue(Buffer.alloc(256 * 1024)),
            cancel: () => cancelled.resolve(),
          }),
        ),
      { limits: { stallMsMax: 50 } },
    );
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await cancelled.promise;
    socket.destroy();
  });

  it('keeps a connection usable after an answer that did not read the body', async () => {
    let calls = 0;
    const { port } = await serve(async () => {
      calls += 1;
      return new Response(String(calls), { status: 401 });
    });
    const body = 'x'.repeat(300_000);
    const post = `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const last = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const answer = await sendRaw(port, post, last);
    expect(answer.match(/HTTP\/1.1 401/g)).toHaveLength(2);
  });

  it('asks for an announced body only when the gateway reads it', async () => {
    const { port } = await serve(async (request) =>
      request.headers.get('authorization') === null
        ? new Response('no', { status: 401, headers: { connection: 'close' } })
        : new Response(await request.text()),
    );
    const head =
      'POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: 4\r\n';
    expect(await sendRaw(port, `${head}\r\n`)).not.toContain('100 Continue');
    expect(await sendRaw(port, `${head}authorization: a\r\n\r\n`, 'body')).toContain('100 Continue');
  });

  it('survives sockets that are reset at any moment', async () => {
    const { port, url } = await serve(echo);
    const bytes = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n0123456789';
    for (let end = 0; end <= bytes.length; end += 4) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(bytes.slice(0, end), () => socket.resetAndDestroy());
      await once(socket, 'close');
    }
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('the Node server, closing', () => {
  it('lets requests in flight end and takes no new ones', async () => {
    const released = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const { url, close } = await serve(async () => {
      arrived.resolve();
      await released.promise;
      return new Response('done');
    });
    const answer = fetch(url);
    await arrived.promise;
    const closing = close();
    await expect(fetch(url)).rejects.toThrow();
    released.resolve();
    expect(await (await answer).text()).toBe('done');
    await closing;
  });

  it('ends what does not end by itself within its time', async () => {
    const aborted = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const { url, close } = await serve(
      async (request) => {
        request.signal.addEventListener('abort', () => aborted.resolve());
        arrived.resolve();
        return new Promise(() => undefined);
      },
      { limits: { drainMsMax: 30 } },
    );
    const answer = fetch(url).catch(() => 'ended');
    await arrived.promise;
    await close();
    await aborted.promise;
    expect(await answer).toBe('ended');
  });

  it('does not wait for connections that carry no request', async () => {
    const { port, close } = await serve(echo, { limits: { drainMsMax: 30_000 } });
    const silent = connect(port, '127.0.0.1');
    const partial = connect(port, '127.0.0.1');
    for (const socket of [silent, partial]) socket.on('error', () => undefined);
    await Promise.all([once(silent, 'connect'), once(partial, 'connect')]);
    partial.write('GET / HTTP/1.1\r\nhost: x\r\n');
    await fetch(`http://127.0.0.1:${port}`);
    const startedAt = performance.now();
    await close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('refuses a host beyond loopback while the configuration holds keys', async () => {
    const open = serveGateway({
      handle: async () => new Response(),
      host: '0.0.0.0',
      port: 0,
      hasTenantKeys: true,
    });
    await expect(open).rejects.toThrow(
      "host 0.0.0.0 is reachable from other machines, and the configuration holds tenants' keys",
    );
  });

  it('rejects when the port is taken', async () => {
    const { port } = await serve(echo);
    await expect(
      serveGateway({ handle: async () => new Response(), port, hasTenantKeys: true }),
    ).rejects.toThrow('EADDRINUSE');
  });
});
