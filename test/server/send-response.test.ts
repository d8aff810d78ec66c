import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type SendOptions, sendResponse } from '#server/send-response.ts';

let close: (() => void) | undefined;

afterEach(() => close?.());

async function fetchSent(response: Response, options: Partial<SendOptions> = {}, init: RequestInit = {}) {
  const server = createServer((_request, outgoing) => {
    void sendResponse(response, outgoing, {
      isHead: false,
      closeConnection: false,
      stallMsMax: 1_000,
      readBytesPerSecondMin: 1024,
      ...options,
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, init);
}

describe('sendResponse', () => {
  it('sends status, headers and body', async () => {
    const answer = await fetchSent(new Response('text', { status: 429, headers: { 'retry-after': '1' } }));
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      429,
      '1',
      'text',
    ]);
  });

  it('sends no body to HEAD, and cancels it', async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel: () => {
        cancelled = true;
      },
    });
    const answer = await fetchSent(new Response(body), { isHead: true }, { method: 'HEAD' });
    expect(await answer.text()).toBe('');
    expect(cancelled).toBe(true);
  });

  it('sends an answer without a body', async () => {
    expect((await fetchSent(new Response(null, { status: 204 }))).status).toBe(204);
  });

  it('tells the caller when the connection ends after the answer', async () => {
    const answer = await fetchSent(new Response('x'), { closeConnection: true });
    expect(answer.headers.get('connection')).toBe('close');
    await answer.text();
  });

  it('shows the head of a stream of events before its first event', async () => {
    const body = new ReadableStream({ pull: () => new Promise(() => undefined) });
    const answer = await fetchSent(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });
});
