import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BodyReader } from '#server/body-reader.ts';

const nothing = (): void => undefined;

function aBody(onFirstRead: () => void = nothing) {
  const incoming = new IncomingMessage(new Socket());
  return { incoming, body: new BodyReader(incoming, onFirstRead) };
}

/** As Node's server has it. */
function aRequest(onFirstRead: () => void = nothing) {
  const request = aBody(onFirstRead);
  request.incoming.httpVersionMajor = 1;
  return request;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

describe('a body', () => {
  it('is read whole, whether its parts come before or after they are asked for', async () => {
    const { incoming, body } = aBody();
    incoming.push('ab');
    const text = textOf(body);
    await new Promise(setImmediate);
    incoming.push('cd');
    incoming.push(null);
    expect(await text).toBe('abcd');
  });

  it('says once that it is read, with the first part asked for', async () => {
    let reads = 0;
    const { incoming, body } = aBody(() => {
      reads += 1;
    });
    incoming.push('ab');
    incoming.push(null);
    expect(reads).toBe(0);
    await textOf(body);
    expect(reads).toBe(1);
  });

  it('fails when the caller goes in the middle, after what had come', async () => {
    const { incoming, body } = aBody();
    incoming.push('ab');
    expect(new TextDecoder().decode((await body.next()).value)).toBe('ab');
    const rest = body.next();
    incoming.destroy();
    await expect(rest).rejects.toThrow();
    await expect(body.next()).rejects.toThrow();
  });

  it('fails when the caller went before it was read', async () => {
    const { incoming, body } = aBody();
    incoming.destroy();
    await expect(body.next()).rejects.toThrow('before it was whole');
  });

  it('stops taking from the socket while nobody reads', async () => {
    const { incoming, body } = aBody();
    incoming.push(Buffer.alloc(60_000));
    await body.next();
    for (let count = 0; count < 5; count += 1) incoming.push(Buffer.alloc(60_000));
    await new Promise(setImmediate);
    expect(incoming.isPaused()).toBe(true);
    incoming.push(null);
    expect((await textOf(body)).length).toBe(300_000);
  });

  it('leaves the rest where it is when the reader has had enough', async () => {
    const { incoming, body } = aBody();
    incoming.push('ab');
    for await (const part of body) if (part.length > 0) break;
    expect([incoming.destroyed, incoming.isPaused(), incoming.listenerCount('data')]).toEqual([
      false,
      true,
      0,
    ]);
    expect((await body.next()).done).toBe(true);
    incoming.push('cd');
    incoming.push(null);
    expect(await textOf(incoming)).toBe('cd');
  });
});

describe('a body that is taken whole', () => {
  it('is handed out once, where all that was announced has come', async () => {
    const { incoming, body } = aRequest();
    incoming.push('ab');
    expect(body.takeWhole(3)).toBeUndefined();
    incoming.push('c');
    expect(Buffer.from(body.takeWhole(3) ?? []).toString()).toBe('abc');
    expect(body.takeWhole(0)).toBeUndefined();
    expect((await body.next()).done).toBe(true);
  });

  it('is read to its end, so that the request is over', async () => {
    const { incoming, body } = aRequest();
    incoming.push('abc');
    body.takeWhole(3);
    const ended = once(incoming, 'end');
    incoming.push(null);
    await ended;
  });

  it('says that it is read, and is empty where nothing was announced', () => {
    let reads = 0;
    const { body } = aRequest(() => {
      reads += 1;
    });
    expect([body.takeWhole(0)?.length, reads]).toEqual([0, 1]);
  });

  it('is read in its parts where no length was announced, reading has begun, the caller has gone, or HTTP/2 is spoken', async () => {
    const unannounced = aRequest();
    expect(unannounced.body.takeWhole(Number.NaN)).toBeUndefined();
    const begun = aRequest();
    begun.incoming.push('ab');
    await begun.body.next();
    expect(begun.body.takeWhole(0)).toBeUndefined();
    const gone = aRequest();
    gone.incoming.destroy();
    expect(gone.body.takeWhole(0)).toBeUndefined();
    expect(aBody().body.takeWhole(0)).toBeUndefined();
  });

  it('breaks where there is no room for it', async () => {
    const { incoming } = aRequest();
    const body = new BodyReader(incoming, nothing, () => false);
    incoming.push('abc');
    expect(body.takeWhole(3)).toBeUndefined();
    await expect(body.next()).rejects.toThrow('no room');
  });
});
