/** What it must show, 6: garbage in, a clear 4xx out, on the running server, over sockets. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { type FuzzedRequest, fuzzedRequest } from '#test/fuzz/fuzzed-request.ts';
import { complaintAbout } from '#test/fuzz/judge-answer.ts';
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

const call = (text: string) => ({
  ...good,
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
  messages: [
    { role: 'user', content: 'hi' },
    {
      role: 'assistant',
      tool_calls: [{ id: 'x', type: 'function', function: { name: 'f', arguments: text } }],
    },
    { role: 'tool', tool_call_id: 'x', content: 'r' },
  ],
});
const content = (part: string) => [
  { role: 'user', content: [{ type: 'image_url', image_url: { url: part } }] },
];
const list = (length: number) => Array.from({ length }, () => 0);

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
    ['a bound beyond numbers', `{"model":"chat-large","messages":[],"max_tokens":${'9'.repeat(100_000)}}`],
    ['a deep call', JSON.stringify(call(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`))],
    ['a call without JSON', JSON.stringify(call('{bad'))],
    ['a million values', JSON.stringify({ ...good, messages: list(1_000_000) })],
    [
      '200,000 wrong parts',
      JSON.stringify({ ...good, messages: [{ role: 'user', content: list(200_000) }] }),
    ],
    ['200 tools', JSON.stringify({ ...good, tools: list(200) })],
    ['an embedding model', JSON.stringify({ ...good, model: 'embed' })],
    ['an image elsewhere', JSON.stringify({ ...good, messages: content('http://169.254.169.254/latest') })],
    ['an image of a file', JSON.stringify({ ...good, messages: content('file:///etc/passwd') })],
    ['an image that is none', JSON.stringify({ ...good, messages: content('data:image/png;base64,@@') })],
    ['UTF-16', `\u0000${JSON.stringify(good)}`],
    ['an unknown member with a line break', JSON.stringify({ ...good, 'a\r\nset-cookie: x': 1 })],
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

/** Bytes as they are, with a key; undefined where the server must not answer with a status of ours. */
const head = (line: string, more = ''): string =>
  `${line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-local\r\n${more}connection: close\r\n\r\n`;
const chat1 = 'POST /v1/chat/completions';
const sized = (more = ''): string =>
  `${head(chat1, `${more}content-length: ${JSON.stringify(good).length}\r\n`)}${JSON.stringify(good)}`;

describe('bytes on a socket', () => {
  it.each([
    ['no Host', 'GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['two hosts', head('GET /v1/models', 'host: y\r\n'), 400],
    ['a star', head('OPTIONS *'), 400],
    ['OPTIONS', head('OPTIONS /v1/chat/completions'), 405],
    ['TRACE', head('TRACE /v1/models'), 405],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nhost: x\r\n\r\n', 405],
    ['another absolute address', head('GET http://evil.example/v1/models'), 400],
    ['an expectation', sized('expect: magic\r\n'), 417],
    ['nearly an HTTP/2 preface', 'PRO * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS hello', '\u0016\u0003\u0001\u0000\u00c8\u0001', 400],
    ['two lengths', head(chat1, 'content-length: 5\r\ncontent-length: 6\r\n'), 400],
    ['length and chunks', head(chat1, 'content-length: 5\r\ntransfer-encoding: chunked\r\n'), 400],
    ['a wrong chunk', `${head(chat1, 'transfer-encoding: chunked\r\n')}zz\r\nhello\r\n`, 400],
    ['a chunk that breaks', `${head(chat1, 'transfer-encoding: chunked\r\n')}5\r\n{"mod\r\nQQ\r\n`, 400],
    ['a header within a header', sized('x-a: b\rset-cookie: c\r\n'), 400],
    ['a zero byte in a header', sized('x-a: b\u0000c\r\n'), 400],
    ['40 kB of header', sized(`x-a: ${'a'.repeat(40_000)}\r\n`), 431],
    ['two residencies', sized('x-spillway-residency: us\r\nx-spillway-residency: eu\r\n'), 400],
    ['an empty residency', sized('x-spillway-residency: \r\n'), 400],
    ['two keys', sized('authorization: Bearer sk-other\r\n'), 401],
    ['a deadline of 0', sized('x-spillway-deadline-ms: 0\r\n'), 400],
    ['a compressed body', sized('content-encoding: gzip\r\n'), 400],
    ['a path in disguise', head('GET /v1/models/..%2f..%2fetc'), 404],
    ['a path that is none', head('GET /v1/models/%zz'), 404],
    ['a line break in a name', head('GET /v1/models/a%0d%0aset-cookie:x'), 404],
    ['a prototype as a model', head('GET /v1/models/__proto__'), 404],
    ['a prototype as a route', head('GET /spillway/v1/routes/constructor?residency=us'), 404],
    [
      'an unknown region to route from',
      head('GET /spillway/v1/routes/chat-large?residency=us&from=mars'),
      400,
    ],
  ])('with %s get a status and a request id, and no call', async (_, bytes, status) => {
    const before = await upstreamCalls();
    const answer = await sendRaw(Buffer.from(bytes, 'latin1'));
    expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
    expect(answer).toMatch(/\r\nx-spillway-request-id: \S+\r\n/);
    expect(answer).not.toMatch(/\r\nset-cookie|node_modules|\.ts:/i);
    expect(answer).toContain('{"error":{"message":');
    expect(await upstreamCalls()).toBe(before);
  });

  it('of several requests at once are answered in order, also behind a body that nobody read', async () => {
    const unread = sized().replace('sk-local', 'sk-wrong').replace('connection: close\r\n', '');
    const two = `${unread}${sized()}`;
    const answer = await sendRaw(Buffer.from(two));
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map((found) => found[1])).toEqual(['401', '200']);
  });
});

describe('a body of a hundred thousand messages', () => {
  it('does not hold up the gateway', async () => {
    const messages = Array.from({ length: 100_000 }, () => good.messages[0]);
    const startedMs = performance.now();
    const response = await post(JSON.stringify({ ...good, messages }));
    expect(response.status).toBe(200);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

describe('the control API of the local AWS', () => {
  it.each([
    ['no JSON', {}, '{bad', 400],
    ['no list', {}, '{}', 400],
    ['too many rules', {}, JSON.stringify(list(1_000_000)), 400],
    ['a foreign origin', { origin: 'http://evil.example' }, '[]', 403],
    ['an origin that looks like ours', { origin: 'http://localhost.evil.example' }, '[]', 403],
    ['a sandboxed page', { origin: 'null' }, '[]', 403],
  ])('refuses %s and changes nothing', async (_, extra, body, status) => {
    const response = await fetch(`${spillway.awsUrl}/_local/faults`, {
      method: 'PUT',
      headers: { ...extra },
      body,
    });
    expect(response.status).toBe(status);
    expect((await response.text()).length).toBeLessThan(20_000);
    expect(await spillway.control('GET', 'faults')).toEqual([]);
  });

  it('refuses a query that it does not know', async () => {
    const response = await fetch(`${spillway.awsUrl}/_local/journal?since=-1&limit=x&bogus=1`);
    const { violations } = (await response.json()) as { violations: readonly { path: string }[] };
    expect(violations.map(({ path }) => path).sort()).toEqual(['bogus', 'limit', 'since']);
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

/** The status that raw bytes get; undefined when the server closes without a word. */
async function send(bytes: Buffer): Promise<number | undefined> {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(await sendRaw(bytes, '\r\n'))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Everything that comes back until the server closes, or until `enough` has come. */
function sendRaw(bytes: Buffer, enough?: string): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (enough !== undefined && answer.includes(enough)) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
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

describe('forty thousand bent calls of every wire format', () => {
  it('get clear answers over kept connections', { timeout: 180_000 }, async () => {
    const random = createSeededRandom(20261122);
    const pool = new Pool(url, { connections: 32 });
    const statuses = new Map<number, number>();
    const complaints: string[] = [];
    const ask = async ({ path, headers, body }: FuzzedRequest): Promise<void> => {
      const answer = await pool.request({ method: 'POST', path, headers, body });
      const text = await answer.body.text();
      const { statusCode: status } = answer;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const received = { status, headers: new Headers(answer.headers as Record<string, string>), text };
      const complaint = complaintAbout(received);
      if (complaint !== undefined) complaints.push(`${complaint}: ${path} ${new TextDecoder().decode(body)}`);
    };
    let left = 40_000;
    const worker = async (): Promise<void> => {
      while (left > 0 && complaints.length === 0) {
        left -= 1;
        await ask(fuzzedRequest(random));
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    await pool.close();
    expect(complaints).toEqual([]);
    expect(statuses.get(200) ?? 0).toBeGreaterThan(1000);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(10_000);
  });
});

describe('after all that', () => {
  it('the process has told of no defect', () => {
    expect(spillway.child.exitCode).toBeNull();
    expect(spillway.output()).not.toMatch(/internal-error|stream-defect|unhandled|Error:|\n {4}at /i);
  });
});
