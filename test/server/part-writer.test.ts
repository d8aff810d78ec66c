import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PartWriter } from '#server/part-writer.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';

let close = (): void => undefined;
afterEach(() => close());

/** Every byte value, so that a line end of our own is not told from one of the part by luck. */
const part = (bytes: number, seed = 0) => Uint8Array.from({ length: bytes }, (_, index) => index * 7 + seed);
const sizes = [1, 0, 15, 16, 4095, 4096, 4097, 250, 70_000, 255, 256, 3, ...Array(40).fill(900)];
const parts = sizes.map(part);

async function serve(
  answer: (writer: PartWriter, url: string) => void,
  headers: readonly string[] = [],
): Promise<string> {
  const server = createServer((request, outgoing: ServerResponse) =>
    answer(new PartWriter(outgoing, 200, headers), request.url ?? ''),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(url: string, text: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(text);
  return socket;
}

async function writeApart(writer: PartWriter): Promise<void> {
  for (const each of parts) {
    writer.write(each);
    if (writer.full !== undefined) await once(writer.full, 'drain');
    await new Promise(setImmediate);
  }
  writer.outgoing.end();
}

describe('a writer of parts', () => {
  it('sends parts of every size as they are, and a second answer on the same connection', async () => {
    const url = await serve((writer) => void writeApart(writer));
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await fetch(url);
      expect(answer.headers.get('transfer-encoding')).toBe('chunked');
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), Buffer.concat(parts))).toBe(0);
    }
  });

  it('sends no chunks of what has a length', async () => {
    const whole = Buffer.concat(parts);
    const url = await serve((writer) => void writeApart(writer), ['content-length', `${whole.length}`]);
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await fetch(url);
      expect(answer.headers.get('transfer-encoding')).toBeNull();
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), whole)).toBe(0);
    }
  });

  it('sends a whole chunk for each short part', async () => {
    const url = await serve((writer) => {
      for (const text of ['first', '', 'second', 'third']) writer.write(Buffer.from(text));
      writer.outgoing.end();
    });
    const socket = open(url, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const [, body] = Buffer.concat(await socket.toArray())
      .toString()
      .split('\r\n\r\n', 2);
    expect(body).toBe('5\r\nfirst\r\n6\r\nsecond\r\n5\r\nthird\r\n0');
  });

  it('sends a caller of HTTP/1.0 no chunks', async () => {
    const url = await serve((writer) => void writeApart(writer));
    const whole = Buffer.concat(await open(url, 'GET / HTTP/1.0\r\n\r\n').toArray());
    const bodyAt = whole.indexOf('\r\n\r\n') + 4;
    expect(whole.subarray(0, bodyAt).toString()).not.toMatch(/transfer-encoding/i);
    expect(Buffer.compare(whole.subarray(bodyAt), Buffer.concat(parts))).toBe(0);
  });

  it('keeps the answers of requests that were sent ahead apart', async () => {
    const first = Promise.withResolvers<PartWriter>();
    const second = Promise.withResolvers<PartWriter>();
    const url = await serve((writer, path) => (path === '/1' ? first : second).resolve(writer));
    const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n`;
    const socket = open(url, `${head('/1')}\r\n${head('/2')}Connection: close\r\n\r\n`);
    const later = await second.promise;
    for (const text of ['c', 'd']) later.write(Buffer.from(text));
    const sooner = await first.promise;
    for (const text of ['a', 'b']) sooner.write(Buffer.from(text));
    sooner.outgoing.end();
    later.outgoing.end();
    const said = Buffer.concat(await socket.toArray()).toString();
    expect(said.match(/^[abcd]\r$/gm)?.join('')).toBe('a\rb\rc\rd\r');
  });

  it('says what is full while its caller reads nothing, and goes on when it reads', async () => {
    let writer: PartWriter | undefined;
    const url = await serve((each) => {
      writer = each;
    });
    const socket = open(url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').pause();
    await eventually(() => writer !== undefined, 'the request arrives');
    let written = 0;
    for (; writer?.full === undefined && written < 100_000_000; written += 4096) writer?.write(part(4096));
    expect(writer?.full).toBe(writer?.outgoing.socket);
    const drained = once(writer?.full as Socket, 'drain');
    socket.resume();
    await drained;
    socket.destroy();
  });
});
