import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type CountingServer,
  openCaller,
  openCountingServer,
  receivedUntilEnd,
} from '#test/builders/hostile-callers.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';

/** With the time that a busy machine takes. */
const inTheEnd: typeof eventually = (condition, what) => eventually(condition, what, 15_000);

let server: CountingServer | undefined;
const sockets: Socket[] = [];

async function open(...parameters: Parameters<typeof openCountingServer>): Promise<CountingServer> {
  server = await openCountingServer(...parameters);
  return server;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.close();
});

const head = (...lines: readonly string[]) =>
  `${['POST / HTTP/1.1', 'host: x', ...lines].join('\r\n')}\r\n\r\n`;
const chunked = (body: string) => `${head('transfer-encoding: chunked')}${body}`;
const never = () => new Promise<never>(() => undefined);

describe('a request that two readers could cut in two ways', () => {
  // Each would hide a second request from whoever stands in front and reads it otherwise.
  it.each([
    ['length and chunks', `${head('content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\n`],
    ['two lengths alike', `${head('content-length: 5', 'content-length: 5')}hello`],
    ['a list of lengths', `${head('content-length: 5, 5')}hello`],
    ['a length with a sign', `${head('content-length: +5')}hello`],
    ['a length in hexadecimal', `${head('content-length: 0x5')}hello`],
    ['a length beyond numbers', head('content-length: 99999999999999999999')],
    ['no length in the length', head('content-length:')],
    ['a space before the colon', `${head('transfer-encoding : chunked')}0\r\n\r\n`],
    ['chunks twice', `${head('transfer-encoding: chunked', 'transfer-encoding: chunked')}0\r\n\r\n`],
    ['chunks that are not the last', `${head('transfer-encoding: chunked, identity')}0\r\n\r\n`],
    ['chunks after something else', `${head('transfer-encoding: gzip, chunked')}0\r\n\r\n`],
    ['chunks after nothing', `${head('transfer-encoding: identity, chunked')}0\r\n\r\n`],
    ['chunks by another name', `${head('transfer-encoding: xchunked')}0\r\n\r\n`],
    ['chunks in HTTP/1.0', chunked('0\r\n\r\n').replace('HTTP/1.1', 'HTTP/1.0')],
    ['a folded header', head('x-a: b', ' c')],
    ['a folded coding', `${head('transfer-encoding:', ' chunked')}0\r\n\r\n`],
    ['bare line feeds', head('x-a: b').replaceAll('\r\n', '\n')],
    ['one bare line feed', head('x-a: b\nx-b: c')],
    ['a bare carriage return', head('x-a: b\rx-b: c')],
    ['a space before the first header', 'GET / HTTP/1.1\r\n x: y\r\nhost: x\r\n\r\n'],
    ['a header without a colon', head('x-a')],
    ['a header without a name', head(': x')],
  ])('is refused: %s', async (_, bytes) => {
    const { port, calls } = await open({});
    const answer = String(await receivedUntilEnd(port, `${bytes}GET /second HTTP/1.0\r\n\r\n`));
    expect(answer.slice(0, 13)).toBe('HTTP/1.1 400 ');
    expect(calls.filter(({ body }) => body !== null)).toEqual([]);
  });

  it.each([
    ['a negative size', '-5\r\nhello\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size beyond numbers', 'fffffffffffffffff\r\nhello\r\n0\r\n\r\n'],
    ['more bytes than its size', '5\r\nhelloXX0\r\n\r\n'],
    ['a bare line feed after the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare line feed in an extension', '5;a\nb\r\nhello\r\n0\r\n\r\n'],
    ['a length among the trailers', '0\r\ncontent-length: 5\r\n\r\n'],
    ['trailers without end', `0\r\n${'a: b\r\n'.repeat(20_000)}\r\n`],
    ['extensions without end', `5;${'a'.repeat(100_000)}\r\nhello\r\n0\r\n\r\n`],
  ])('fails whoever reads it where a chunk has %s', async (_, body) => {
    const readings: string[] = [];
    const { port } = await open({}, async (request) => {
      const read = async () => {
        for await (const _part of request.body ?? []);
      };
      readings.push(
        await read().then(
          () => 'whole',
          () => 'broken',
        ),
      );
      return { status: 200, headers: new Map(), body: 'ok' };
    });
    const answer = String(await receivedUntilEnd(port, chunked(body)));
    expect(answer).not.toContain('HTTP/1.1 200');
    await inTheEnd(() => readings.length === 1, 'the end of the reading');
    expect(readings).toEqual(['broken']);
  });
});

describe('a request that asks for another protocol', () => {
  it.each(['websocket', 'h2c', 'TLS/1.0'])('%s is answered as if it had not', async (protocol) => {
    const { port, calls } = await open({});
    const lines = ['connection: Upgrade, close', `upgrade: ${protocol}`, 'content-length: 5'];
    const answer = String(await receivedUntilEnd(port, `${head(...lines)}hello`));
    expect(answer.slice(0, 13)).toBe('HTTP/1.1 200 ');
    expect(calls).toHaveLength(1);
  });
});

describe('a caller that ends its half after the request', () => {
  it('gets its answer', async () => {
    const { port } = await open({});
    const { socket, received } = openCaller(port, head('content-length: 0'));
    socket.end();
    sockets.push(socket);
    await inTheEnd(() => received().includes('ok'), 'the answer');
  });
});

describe('a caller that reads nothing', () => {
  const large = 'x'.repeat(24_000_000);
  it('of a plain answer is cut off, and the call knows', async () => {
    const { port, left } = await open({ stallMsMax: 50 }, async () => ({
      status: 200,
      headers: new Map(),
      body: large,
    }));
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket.on('error', () => undefined).pause());
    socket.write(head('content-length: 0'));
    await inTheEnd(() => left() === 1, 'the end of the connection');
  });

  it('of a refusal and keeps its half is cut off', async () => {
    const { port } = await open({});
    const { socket } = openCaller(port, 'CONNECT a:443 HTTP/1.1\r\nhost: x\r\n\r\n');
    sockets.push(socket);
    await once(socket, 'end');
    // Who writes to a connection that is gone is told so; one that is merely half closed takes it.
    await inTheEnd(() => {
      if (!socket.destroyed) socket.write('x');
      return socket.destroyed;
    }, 'the end of the other half');
  });
});

describe('a caller that pipelines', () => {
  it('has so many requests under way and is cut off with the next', async () => {
    const { port, calls, underWay, left } = await open({ connectionRequestsMax: 8 }, never);
    const { socket } = openCaller(port, head('content-length: 0').repeat(2_000));
    await inTheEnd(() => socket.destroyed, 'the end of the connection');
    await inTheEnd(() => left() === 8, 'the end of all calls');
    expect([underWay().most, calls.length]).toEqual([8, 8]);
  });

  it('as many as it may is answered in order', async () => {
    let made = 0;
    const { port } = await open({ connectionRequestsMax: 8 }, async () => {
      made += 1;
      return { status: 200, headers: new Map(), body: `<${made}>` };
    });
    const last = head('content-length: 0', 'connection: close');
    const answer = String(await receivedUntilEnd(port, head('content-length: 0').repeat(7) + last));
    expect([...answer.matchAll(/<(\d)>/g)].map(([, at]) => Number(at))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('many callers at once', () => {
  it('a thousand that say nothing hold up nobody, and are told that their time is over', async () => {
    const { port, url } = await open({ headersMsMax: 800 });
    const silent = Array.from({ length: 1_000 }, () => openCaller(port, ''));
    sockets.push(...silent.map(({ socket }) => socket));
    await Promise.all(silent.map(({ socket }) => once(socket, 'connect')));
    expect((await fetch(url)).status).toBe(200);
    await inTheEnd(() => silent.every(({ received }) => received().includes('408')), 'the end of all');
  });

  it.each([
    ['saying nothing', ''],
    ['a method that is not served', 'CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n'],
  ])('who tear the line when refused for %s end no process', async (_, bytes) => {
    const { port, url } = await open({ headersMsMax: 200 });
    const torn = Array.from({ length: 20 }, () => openCaller(port, bytes));
    sockets.push(...torn.map(({ socket }) => socket));
    await inTheEnd(() => torn.every(({ received }) => received().includes('HTTP/1.1 4')), 'all refusals');
    // An error that nobody listens to would fail this whole file.
    for (const { socket } of torn) socket.resetAndDestroy();
    expect((await fetch(url)).status).toBe(200);
  });

  it('beyond what the gateway takes are told to come again, and those under way are not touched', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { url, calls } = await open({ requestsMax: 20 }, async () => {
      await promise;
      return { status: 200, headers: new Map(), body: 'ok' };
    });
    const first = Array.from({ length: 20 }, () => fetch(url));
    await inTheEnd(() => calls.length === 20, 'all under way');
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(refused.headers.get('x-should-retry')).toBeNull();
    expect(await refused.json()).toMatchObject({ error: { code: 'capacity_exhausted' } });
    resolve();
    for (const answer of await Promise.all(first)) expect(answer.status).toBe(200);
    expect(calls).toHaveLength(20);
    expect((await fetch(url)).status).toBe(200);
  });

  it('hold so many bytes of bodies in all; one over it is told to come again, and room is given back', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let readBytes = 0;
    const { url, port, left } = await open({ bodyBytesMax: 300_000 }, async ({ body }) => {
      for await (const part of body ?? []) readBytes += part.length;
      await promise;
      return { status: 200, headers: new Map(), body: 'ok' };
    });
    const post = (bytes: number, signal: AbortSignal | null = null) =>
      fetch(url, { method: 'POST', body: 'x'.repeat(bytes), signal });
    // What is only announced takes no room.
    sockets.push(openCaller(port, head('content-length: 8000000')).socket);
    const leaver = new AbortController();
    const leaving = post(200_000, leaver.signal).catch(() => 'left');
    await inTheEnd(() => readBytes === 200_000, 'the first body');
    const refused = await post(150_000);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ error: { code: 'capacity_exhausted' } });
    leaver.abort();
    expect(await leaving).toBe('left');
    await inTheEnd(() => left() === 1, 'the end of the first');
    const last = post(250_000);
    resolve();
    expect((await last).status).toBe(200);
  });
});
