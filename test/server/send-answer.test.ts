import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sendAnswer } from '#server/send-answer.ts';
import type { SendOptions } from '#server/send-response.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import type { ByteSink, ByteSource, GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';

let close = (): void => undefined;
afterEach(() => close());

async function fetchSent(
  answer: GatewayAnswer,
  options: Partial<SendOptions> = {},
  init: RequestInit = {},
): Promise<Response> {
  const server = createServer((_request, outgoing) => {
    const how = {
      isHead: false,
      closeConnection: false,
      stallMsMax: 1_000,
      readBytesPerSecondMin: 1024,
      ...options,
    };
    void sendAnswer(answer, outgoing, how);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, init);
}

const headers = () => new Map([['retry-after', '1']]);
const bytes = (text: string) => new TextEncoder().encode(text);

/** Each step feeds the sink once; after the last the source never ends. */
function aSource(...steps: readonly ((sink: ByteSink) => unknown)[]) {
  const left = [...steps];
  const seen = { cancelled: false };
  const source: ByteSource = {
    pull: (sink) =>
      left.length === 0
        ? new Promise(() => undefined)
        : Promise.resolve(left.shift()?.(sink)).then(() => undefined),
    cancel: () => {
      seen.cancelled = true;
    },
  };
  return { source, seen };
}

describe('sendAnswer', () => {
  it('sends status, headers and a text with its length in bytes', async () => {
    const answer = await fetchSent({ status: 429, headers: headers(), body: 'größe' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect([answer.headers.get('content-length'), await answer.text()]).toEqual(['7', 'größe']);
  });

  it('sends an answer without a body', async () => {
    expect((await fetchSent({ status: 499, headers: headers(), body: null })).status).toBe(499);
  });

  it('sends no body to HEAD, and cancels its source', async () => {
    const { source, seen } = aSource();
    const head = { isHead: true };
    const answer = await fetchSent({ status: 200, headers: headers(), body: source }, head, {
      method: 'HEAD',
    });
    expect([await answer.text(), seen.cancelled]).toEqual(['', true]);
  });

  it('sends all that the source makes, in order, and its end', async () => {
    const { source, seen } = aSource(
      (sink) => sink.enqueue(bytes('one ')),
      (sink) => sink.enqueue(bytes('two')),
      (sink) => sink.close(),
    );
    const answer = await fetchSent({ status: 200, headers: headers(), body: source });
    expect([await answer.text(), seen.cancelled]).toEqual(['one two', false]);
  });

  it('lets a source go on that has more, until the caller’s buffers are full', async () => {
    let pulls = 0;
    let taken = 0;
    const piece = new Uint8Array(64 * 1024);
    const source: ByteSource = {
      pull: async (sink) => {
        pulls += 1;
        sink.enqueue(piece);
        taken += 1;
        // More than any buffer between two sockets takes: it ends by the reader's pace alone.
        while (taken < 1_000 && sink.takesMore?.() === true) {
          sink.enqueue(piece);
          taken += 1;
        }
        if (taken >= 1_000) sink.close();
      },
      cancel: () => undefined,
    };
    const answer = await fetchSent({ status: 200, headers: headers(), body: source }, { stallMsMax: 40_000 });
    expect((await answer.arrayBuffer()).byteLength).toBe(1_000 * piece.length);
    expect(pulls).toBeGreaterThan(1);
  });

  it('shows the head before the first bytes are there', async () => {
    const { source, seen } = aSource();
    const answer = await fetchSent({ status: 200, headers: headers(), body: source });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
    expect(seen.cancelled).toBe(false);
  });

  it('tells the caller when the connection ends after the answer', async () => {
    const answer = await fetchSent({ status: 200, headers: headers(), body: 'x' }, { closeConnection: true });
    expect(answer.headers.get('connection')).toBe('close');
    await answer.text();
  });

  it('cuts off a caller that reads nothing, and frees the source', async () => {
    const { source, seen } = aSource((sink) => sink.enqueue(new Uint8Array(32 * 1024 * 1024)));
    const answer = await fetchSent({ status: 200, headers: headers(), body: source }, { stallMsMax: 50 });
    await eventually(() => seen.cancelled, 'the source is freed');
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it('breaks the connection off when the source fails', async () => {
    const { source, seen } = aSource(
      (sink) => sink.enqueue(bytes('half')),
      () => Promise.reject(new Error('a defect')),
    );
    const answer = await fetchSent({ status: 200, headers: headers(), body: source });
    await expect(answer.text()).rejects.toThrow();
    expect(seen.cancelled).toBe(true);
  });
});
