import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BodyReader } from '#server/body-reader.ts';

const nothing = (): void => undefined;

function aBody(onFirstRead: () => void = nothing) {
  const incoming = new IncomingMessage(new Socket());
  return { incoming, body: new BodyReader(incoming, onFirstRead) };
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
