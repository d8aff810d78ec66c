import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type CountingServer, openCaller, openCountingServer } from '#test/builders/hostile-callers.ts';
import {
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  frameTypesIn,
  preface,
  pseudoFields,
  requestHead,
} from '#test/builders/http2-frames.ts';
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

/** A connection whose handshake is done, with more bytes after it. */
function caller(port: number, ...more: readonly Buffer[]) {
  const opened = openCaller(port, Buffer.concat([preface, frame('settings'), ...more]));
  sockets.push(opened.socket);
  return opened;
}

const many = (count: number, make: (index: number) => Buffer) =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));
/** Streams of callers have odd numbers. */
const streamAt = (index: number) => 2 * index + 1;
const cancel = Buffer.from([0, 0, 0, 8]);
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
const aborted = { status: 499, headers: new Map<string, string>(), body: null };

describe('a caller of HTTP/2 that resets each request at once', () => {
  it('has no more of them under way than a connection may, and is cut off', async () => {
    const { port, underWay, calls, left } = await open({ connectionRequestsMax: 16 }, async ({ signal }) => {
      await untilAborted(signal);
      return aborted;
    });
    const flood = many(5_000, (index) =>
      Buffer.concat([
        requestHead(streamAt(index)),
        frame('reset', { stream: streamAt(index), payload: cancel }),
      ]),
    );
    const { socket } = caller(port, flood);
    await inTheEnd(() => socket.destroyed || socket.readableEnded, 'the end of the connection');
    await inTheEnd(() => underWay().now === 0, 'the end of all calls');
    expect(underWay().most).toBeLessThanOrEqual(16);
    expect(left()).toBe(calls.length);
    expect(calls.length).toBeLessThan(2_000);
  });
});

describe('a caller of HTTP/2 that floods its connection', () => {
  const headBegun = frame('headers', { stream: 1, flags: END_STREAM, payload: fields(...pseudoFields) });
  it.each([
    ['with settings', many(20_000, () => frame('settings'))],
    ['with pings', many(20_000, () => frame('ping', { payload: Buffer.alloc(8) }))],
    ['with a head that goes on and on', Buffer.concat([headBegun, continuations(fields(['a', 'b']))])],
    ['with a head that goes on and says nothing', Buffer.concat([headBegun, continuations()])],
    [
      'with parts of a body that are empty',
      Buffer.concat([requestHead(1, { ends: false }), many(20_000, () => frame('data', { stream: 1 }))]),
    ],
    ['with parts of a body that it never announced', many(2_000, () => frame('data', { stream: 1 }))],
  ])('%s is cut off, and nobody else notices', async (_, flood) => {
    const { port, url, calls } = await open({});
    const { socket, received } = caller(port, flood);
    await inTheEnd(() => socket.destroyed || socket.readableEnded, 'the end of the connection');
    expect(frameTypesIn(received()).filter((type) => type === 'headers')).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(1);
    expect((await fetch(url)).status).toBe(200);
  });

  function continuations(payload?: Buffer): Buffer {
    return many(1_000, () => frame('continuation', { stream: 1, ...(payload && { payload }) }));
  }
});

describe('a head of HTTP/2', () => {
  const entry = Buffer.concat([
    // Into the table, under the name a: the largest value that fits.
    Buffer.from([0x40, 1, 0x61, 127, 0x81, 0x1e]),
    Buffer.alloc(127 + 0x01 + 0x1e * 128, 'x'),
  ]);
  it.each([
    ['200 fields', [...Array.from({ length: 200 }, (_, index) => [`a${index}`, 'b'] as const)]],
    ['an upper-case name', [['X-A', 'b']]],
    ['a connection', [['connection', 'keep-alive']]],
    ['chunks', [['transfer-encoding', 'chunked']]],
    ['two paths', [[':path', '/second']]],
    [
      'two lengths',
      [
        ['content-length', '0'],
        ['content-length', '0'],
      ],
    ],
    ['a length that is not the body’s', [['content-length', '10']]],
  ] as const)('with %s reaches nobody', async (_, more) => {
    const { port, calls } = await open({});
    const { received } = caller(
      port,
      requestHead(1, { block: fields(...pseudoFields, ...more) }),
      lastRequest(),
    );
    await inTheEnd(() => frameTypesIn(received()).includes('headers'), 'the answer to the last request');
    expect(calls.map(({ url }) => new URL(url).pathname)).toEqual(['/last']);
  });

  it.each([
    [
      'another host',
      [
        [':method', 'GET'],
        [':path', 'http://evil.example/'],
        [':scheme', 'http'],
        [':authority', 'x'],
      ],
    ],
    [
      'no path',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':authority', 'x'],
      ],
    ],
    [
      'nobody it is for',
      [
        [':method', 'GET'],
        [':path', '/'],
        [':scheme', 'http'],
      ],
    ],
    [
      'a tunnel',
      [
        [':method', 'CONNECT'],
        [':authority', 'evil.example:443'],
      ],
    ],
  ] as const)('that asks for %s reaches nobody', async (_, block) => {
    const { port, calls } = await open({});
    const { received } = caller(port, requestHead(1, { block: fields(...block) }), lastRequest());
    await inTheEnd(() => frameTypesIn(received()).includes('headers'), 'the answer to the last request');
    expect(calls.filter(({ url }) => new URL(url).pathname !== '/last')).toEqual([]);
  });

  it('that grows in the unpacking reaches nobody', async () => {
    const { port, calls } = await open({});
    const block = Buffer.concat([fields(...pseudoFields), entry, Buffer.alloc(12_000, 0xbe)]);
    const { received, socket } = caller(port, requestHead(1, { block }));
    await inTheEnd(
      () =>
        socket.destroyed || frameTypesIn(received()).some((type) => type === 'reset' || type === 'goaway'),
      'the refusal',
    );
    expect(calls).toEqual([]);
  });

  /** The same connection still serves, or has ended: then another one does. */
  function lastRequest(): Buffer {
    const block = fields([':method', 'GET'], [':path', '/last'], [':scheme', 'http'], [':authority', 'x']);
    return frame('headers', { stream: 3, flags: END_STREAM + END_HEADERS, payload: block });
  }
});

describe('a connection of HTTP/2 that is held', () => {
  it('by a head that never ends is let go of', async () => {
    const { port } = await open({ keepAliveMs: 50 });
    const { socket } = caller(port, frame('headers', { stream: 1, payload: fields(...pseudoFields) }));
    await inTheEnd(() => socket.destroyed || socket.readableEnded, 'the end of the connection');
  });

  it('by pings alone is let go of', async () => {
    const { port } = await open({ keepAliveMs: 100 });
    const { socket } = caller(port);
    await inTheEnd(() => {
      if (socket.writable) socket.write(frame('ping', { payload: Buffer.alloc(8) }));
      return socket.destroyed || socket.readableEnded;
    }, 'the end of the connection');
  });

  it('after a body that never came is let go of', async () => {
    const { port } = await open(
      { keepAliveMs: 50, headersMsMax: 150, requestMsMax: 150 },
      async ({ signal }) => {
        await untilAborted(signal);
        return aborted;
      },
    );
    const { socket } = caller(port, requestHead(1, { ends: false }));
    await inTheEnd(() => socket.destroyed || socket.readableEnded, 'the end of the connection');
  });

  it('by a caller that lets nothing be sent loses its answer', async () => {
    const { port, left } = await open({ stallMsMax: 50 }, async () => ({
      status: 200,
      headers: new Map(),
      body: 'x'.repeat(1_000),
    }));
    // SETTINGS_INITIAL_WINDOW_SIZE of 0.
    const noWindow = frame('settings', { payload: Buffer.from([0, 4, 0, 0, 0, 0]) });
    const { received } = caller(port, noWindow, requestHead(1));
    await inTheEnd(() => frameTypesIn(received()).includes('reset'), 'the end of the answer');
    expect(left()).toBe(1);
  });
});

describe('a caller of HTTP/2 that reads nothing of a hundred endless streams', () => {
  it('makes the gateway hold little of each', async () => {
    const partBytes = 16_384;
    let madeBytes = 0;
    const { port, calls } = await open({}, async () => ({
      status: 200,
      headers: new Map([['content-type', 'text/event-stream']]),
      body: {
        pull: async (sink) => {
          madeBytes += partBytes;
          sink.enqueue(new Uint8Array(partBytes));
        },
        cancel: () => undefined,
      },
    }));
    // It never moves its window, so that the connection takes 64 KiB of all of them.
    caller(
      port,
      many(100, (index) => requestHead(streamAt(index))),
    );
    await inTheEnd(() => calls.length === 100 && madeBytes >= 100 * partBytes, 'all streams');
    let before = -1;
    await inTheEnd(() => {
      const stands = madeBytes === before;
      before = madeBytes;
      return stands;
    }, 'the streams stand still');
    expect(madeBytes).toBeLessThan(65_536 + 100 * 4 * partBytes);
  });
});
