import { connect } from 'node:net';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { type GatewayWorld, openGatewayWorld } from '#test/builders/gateway-world.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';

/** The whole way of an answer over real sockets: OpenAI's client, server, gateway, stand-in. */
let world: GatewayWorld;
let served: ServedGateway;
let openai: OpenAI;

beforeAll(async () => {
  world = await openGatewayWorld();
  const { gateway } = await world.openGateway('us-east-1');
  served = await serveGateway({ handle: (request) => gateway.answer(request), port: 0 });
  openai = new OpenAI({
    baseURL: `${served.url}/v1`,
    apiKey: 'sk-local',
    maxRetries: 0,
    defaultHeaders: { 'x-spillway-residency': 'us' },
  });
});

afterEach(() => world.setFaults([]));

afterAll(async () => {
  await served?.close();
  await world?.close();
});

const messages = [{ role: 'user' as const, content: 'Tell me of rivers.' }];

async function lastCall() {
  const calls = await world.journal('bedrock-runtime');
  return calls.at(-1) as { aborted?: boolean; durationMs?: number } | undefined;
}

describe('a caller over sockets', () => {
  it('hears plainly what it hears as a stream', async () => {
    const plain = await openai.chat.completions.create({ model: 'chat-small', messages });
    const stream = await openai.chat.completions.create({ model: 'chat-small', messages, stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe(plain.choices[0]?.message.content);
    expect(text.length).toBeGreaterThan(0);
  });

  it('that closes its half of the connection after its request gets the whole stream', async () => {
    const body = JSON.stringify({ model: 'chat-small', messages, stream: true });
    const socket = connect({ port: served.port, host: '127.0.0.1', allowHalfOpen: true });
    const lines = ['POST /v1/chat/completions HTTP/1.1', 'host: localhost', 'authorization: Bearer sk-local'];
    lines.push('x-spillway-residency: us', `content-length: ${body.length}`, '', body);
    socket.end(lines.join('\r\n'));
    let heard = '';
    for await (const part of socket.setEncoding('utf8')) heard += String(part);
    expect(heard).toContain('HTTP/1.1 200 OK');
    expect(heard).toMatch(/data: \[DONE\]\n\n\r\n0\r\n\r\n$/);
  });

  it('that leaves in the middle of a stream ends the call to the target within a second', async () => {
    await world.setFaults([{ service: 'bedrock-runtime', kind: 'stall-stream', afterChunks: 4 }]);
    const stream = await openai.chat.completions.create({ model: 'chat-small', messages, stream: true });
    for await (const chunk of stream) {
      if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
    }
    stream.controller.abort();
    await eventually(async () => (await lastCall())?.aborted === true, 'the call to the target ends', 1_000);
  });

  it('that leaves before the answer ends the call to the target within a second', async () => {
    const before = (await world.journal('bedrock-runtime')).length;
    await world.setFaults([{ service: 'bedrock-runtime', kind: 'latency', milliseconds: 30_000 }]);
    const controller = new AbortController();
    const answer = openai.chat.completions.create(
      { model: 'chat-small', messages },
      { signal: controller.signal },
    );
    const outcome = answer.catch((error: unknown) => error);
    const sent = setTimeout(() => controller.abort(), 200);
    expect(await outcome).toBeInstanceOf(Error);
    clearTimeout(sent);
    await eventually(
      async () => {
        const calls = (await world.journal('bedrock-runtime')) as readonly { aborted?: boolean }[];
        return calls.length > before && calls.slice(before).every((call) => call.aborted === true);
      },
      'the call to the target ends',
      1_000,
    );
  });
});
