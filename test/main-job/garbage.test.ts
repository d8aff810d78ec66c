/** What it must show, 6: garbage in, a clear 4xx out, on the running server, over sockets. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { chat, type SpillwayProcess, startSpillway } from './spillway-process.ts';

let spillway: SpillwayProcess;
let url: string;
beforeAll(async () => {
  spillway = await startSpillway({ parameters: ['--discover-every', '3600'] });
  url = spillway.gatewayUrl('us-east-1');
});
afterAll(() => spillway?.close());

const headers = { authorization: 'Bearer sk-local', 'content-type': 'application/json' };
const good = { model: 'chat-large', messages: [{ role: 'user', content: 'hi' }], max_tokens: 8 };
const post = (
  body: string | Uint8Array<ArrayBuffer>,
  extra: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { ...headers, ...extra }, body });

async function upstreamCalls(): Promise<number> {
  return (await spillway.journal('?service=bedrock-runtime')).length;
}

async function expectRefusal(response: Response, status: number, code: string): Promise<void> {
  const body = (await response.json()) as { error: Record<string, unknown> };
  expect([response.status, body.error.code]).toEqual([status, code]);
  expect(Object.keys(body)).toEqual(['error']);
  expect(typeof body.error.message).toBe('string');
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|at [A-Za-z]+ \(|ZodError/);
  expect(response.headers.get('x-spillway-request-id')).toMatch(/.+/);
}

const deep = `{"model":"chat-large","messages":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;

describe('a bad request', () => {
  it.each([
    ['no body', ''],
    ['half a body', JSON.stringify(good).slice(0, 40)],
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a deep body', deep],
    ['a wrong type', JSON.stringify({ ...good, messages: 'hi' })],
    ['no messages', JSON.stringify({ ...good, messages: [] })],
    ['an unknown role', JSON.stringify({ ...good, messages: [{ role: 'wizard', content: 'hi' }] })],
    ['an unknown field', JSON.stringify({ ...good, temprature: 1 })],
    ['a field that no target honours', JSON.stringify({ ...good, logprobs: true })],
    ['two choices', JSON.stringify({ ...good, n: 2 })],
    ['a negative bound', JSON.stringify({ ...good, max_tokens: -1 })],
    [
      'a prototype',
      '{"__proto__":{"admin":true},"model":"chat-large","messages":[{"role":"user","content":"hi"}]}',
    ],
  ])('with %s is refused in the error format, without a call', async (_, body) => {
    const before = await upstreamCalls();
    await expectRefusal(await post(body), 400, 'invalid_request');
    expect(await upstreamCalls()).toBe(before);
  });

  it('names the unknown field', async () => {
    const { error } = (await (await post(JSON.stringify({ ...good, temprature: 1 }))).json()) as {
      error: { message: string; param: string };
    };
    expect(`${error.message} ${error.param}`).toContain('temprature');
  });

  it('with a body beyond the limit is 413', async () => {
    await expectRefusal(
      await post(JSON.stringify({ ...good, messages: [{ role: 'user', content: 'x'.repeat(40_000_000) }] })),
      413,
      'request_too_large',
    );
  });

  it.each([
    ['a wrong key', { authorization: 'Bearer sk-wrong' }, 401, 'invalid_api_key'],
    ['no key', { authorization: '' }, 401, 'invalid_api_key'],
    ['an unknown residency', { 'x-spillway-residency': 'atlantis' }, 400, 'unknown_residency'],
    ['a bad deadline', { 'x-spillway-deadline-ms': 'soon' }, 400, 'invalid_request'],
    ['a bad price cap', { 'x-spillway-max-cost-usd': '-1' }, 400, 'invalid_request'],
  ])('with %s is refused', async (_, extra, status, code) => {
    await expectRefusal(
      await post(JSON.stringify(good), extra as unknown as Record<string, string>),
      status,
      code,
    );
  });

  it('for an unknown model is 404', async () => {
    await expectRefusal(await post(JSON.stringify({ ...good, model: 'chat-huge' })), 404, 'model_not_found');
  });

  it('on an unknown path is 404 and with a wrong method 405', async () => {
    await expectRefusal(
      await fetch(`${url}/v1/chat/completion`, { method: 'POST', headers, body: '{}' }),
      404,
      'not_found',
    );
    await expectRefusal(await fetch(`${url}/v1/chat/completions`, { headers }), 405, 'method_not_allowed');
  });
});

/** One mutation of a good request, as bytes on a socket. */
function mutate(random: { next(): number }): Buffer {
  const pick = (count: number): number => Math.floor(random.next() * count);
  const body = Buffer.from(
    JSON.stringify({
      ...good,
      temperature: 0.5,
      stop: ['x'],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    }),
  );
  for (let left = 1 + pick(4); left > 0; left -= 1) body[pick(body.length)] = pick(256);
  const cut = pick(3) === 0 ? body.subarray(0, pick(body.length)) : body;
  const head = Buffer.from(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-local\r\ncontent-type: application/json\r\ncontent-length: ${cut.length}\r\nconnection: close\r\n\r\n`,
  );
  if (pick(10) === 0) head[pick(head.length)] = pick(256);
  return Buffer.concat([head, cut]);
}

/** The status line that a raw request gets; undefined when the server closes without a word. */
function send(bytes: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n')) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () =>
      resolve(
        /^HTTP\/1\.1 (\d{3})/.exec(answer) === null
          ? undefined
          : Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]),
      ),
    );
  });
}

describe('ten thousand mutations', () => {
  it('get clear answers, and leave memory and file descriptors as they were', {
    timeout: 120_000,
  }, async () => {
    const random = createSeededRandom(20261121);
    const statuses = new Map<string, number>();
    const pid = spillway.child.pid;
    const measure = () => ({
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      residentKb: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    });
    const batch = async (count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += 50) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => send(mutate(random))));
        for (const status of answers) statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
      }
    };
    const linux = process.platform === 'linux';
    await batch(2_000);
    const before = linux ? measure() : undefined;
    await batch(8_000);
    const after = linux ? measure() : undefined;
    expect([...statuses.keys()].filter((status) => status.startsWith('5'))).toEqual([]);
    expect((statuses.get('400') ?? 0) / 10_000).toBeGreaterThan(0.5);
    expect((await chat(url)).status).toBe(200);
    if (before !== undefined && after !== undefined) {
      expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 20);
      expect(after.residentKb).toBeLessThan(before.residentKb + 100_000);
    }
  });
});
