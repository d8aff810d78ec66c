import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServedGateway, type ServeOptions, serveGateway } from '#server/node-server.ts';

let served: ServedGateway | undefined;
afterEach(() => served?.close());

async function serve(handle: ServeOptions['handle']): Promise<number> {
  served = await serveGateway({ handle, port: 0, limits: { drainMsMax: 200 } });
  return served.port;
}

/** Sends bytes and closes its half of the connection, as `nc -N` does. */
async function halfClosed(port: number, bytes: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  socket.end(bytes);
  return socket;
}

/** @param onInterim told of the first bytes */
async function heardBy(socket: Socket, onInterim: () => void = () => undefined): Promise<string> {
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    onInterim();
  });
  await once(socket, 'close');
  return heard;
}

const host = 'host: localhost\r\n';
const get = (path: string, version = '1.1'): string => `GET ${path} HTTP/${version}\r\n${host}\r\n`;
const post = `POST / HTTP/1.1\r\n${host}content-length: 5\r\n\r\nhello`;
const interim = 'HTTP/1.1 100 Continue\r\n\r\n';

describe('a caller that has closed its half of the connection', () => {
  it('gets its answer, and before it nothing that is one', async () => {
    const interims = Promise.withResolvers<void>();
    const port = await serve(async (request) => {
      let body = '';
      for await (const part of request.body ?? []) body += Buffer.from(part).toString();
      await interims.promise;
      return new Response(`${body} yourself`);
    });
    const heard = await heardBy(await halfClosed(port, post), interims.resolve);
    expect(heard.startsWith(interim)).toBe(true);
    const answer = heard.replaceAll(interim, '');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\n\r\nhello yourself$/);
  });

  it('gets an answer whole that was handed over before its connection could take it', async () => {
    const answered = Promise.withResolvers<void>();
    const port = await serve(async () => {
      answered.resolve();
      return new Response('x'.repeat(8_000_000));
    });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.write(get('/'));
    await once(socket, 'readable');
    socket.end();
    const heard = await heardBy(socket);
    expect(heard.length - heard.indexOf('\r\n\r\n') - 4).toBe(8_000_000);
  });

  it('gets all its answers while others end', async () => {
    const gates = new Map(['/a', '/b', '/other'].map((path) => [path, Promise.withResolvers<void>()]));
    const begun = new Map([...gates.keys()].map((path) => [path, Promise.withResolvers<void>()]));
    const port = await serve(async (request) => {
      const { pathname } = new URL(request.url);
      begun.get(pathname)?.resolve();
      await gates.get(pathname)?.promise;
      return new Response(pathname);
    });
    const other = heardBy(await halfClosed(port, get('/other')));
    await begun.get('/other')?.promise;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const heard = heardBy(socket);
    socket.write(get('/a') + get('/b'));
    await begun.get('/b')?.promise;
    for (const path of ['/other', '/b']) gates.get(path)?.resolve();
    await other;
    socket.end();
    await fetch(`http://127.0.0.1:${port}/last`);
    gates.get('/a')?.resolve();
    expect((await heard).match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it('gets a stream to its end', async () => {
    const interims = Promise.withResolvers<void>();
    const port = await serve(async () => {
      await interims.promise;
      const parts = ['one', 'two', 'three'].map((part) => Buffer.from(part));
      return new Response(ReadableStream.from(parts), { headers: { 'content-type': 'text/event-stream' } });
    });
    const heard = await heardBy(await halfClosed(port, get('/')), interims.resolve);
    expect(heard).toMatch(/one\r\n.*two\r\n.*three\r\n0\r\n\r\n$/s);
  });

  it('gets the answers of all that it sent ahead', async () => {
    const interims = Promise.withResolvers<void>();
    const port = await serve(async ({ url }) => {
      const { pathname } = new URL(url);
      if (pathname === '/1') await interims.promise;
      return new Response(`this is ${pathname}`);
    });
    const heard = await heardBy(await halfClosed(port, get('/1') + get('/2')), interims.resolve);
    expect(heard.match(/this is \/\d/g)).toEqual(['this is /1', 'this is /2']);
  });

  it('is not waited for with HTTP/1.0, which knows nothing to ask it by', async () => {
    const left = Promise.withResolvers<void>();
    const port = await serve(async ({ signal }) => {
      signal.addEventListener('abort', () => left.resolve());
      await left.promise;
      return new Response('too late');
    });
    expect(await heardBy(await halfClosed(port, get('/', '1.0')))).toBe('');
    await left.promise;
  });
});

describe('a caller that has gone', () => {
  it.each([
    ['by closing both halves', (socket: Socket) => socket.destroy()],
    ['by a reset', (socket: Socket) => socket.resetAndDestroy()],
    ['after it had closed its own', (socket: Socket) => socket.end().once('finish', () => socket.destroy())],
  ])('is known to have gone by the questions of the first second: %s', async (_, leave) => {
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<number>();
    const port = await serve(async ({ signal }) => {
      signal.addEventListener('abort', () => left.resolve(performance.now()));
      asked.resolve();
      await left.promise;
      return new Response('too late');
    });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.write(get('/'));
    await asked.promise;
    const leftMs = performance.now();
    leave(socket);
    // The next question comes after ten seconds; a machine that is busy asks late.
    expect((await left.promise) - leftMs).toBeLessThan(9_000);
  });

  it('from the middle of a stream is known to have gone at once, also where nothing comes', async () => {
    const left = Promise.withResolvers<void>();
    const port = await serve(async ({ signal }) => {
      signal.addEventListener('abort', () => left.resolve());
      const begun = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('one')) });
      return new Response(begun, { headers: { 'content-type': 'text/event-stream' } });
    });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.write(get('/'));
    await once(socket, 'data');
    socket.end();
    await left.promise;
  });
});
