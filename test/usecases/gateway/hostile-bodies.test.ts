import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';

const good = '{"model":"chat-small","messages":[{"role":"user","content":"hi"}]}';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const around = (...bytes: readonly number[]) =>
  new Uint8Array([
    ...bytesOf('{"model":"chat-small","messages":[{"role":"user","content":"'),
    ...bytes,
    ...bytesOf('"}]}'),
  ]);

async function answerTo(
  body: Uint8Array<ArrayBuffer> | string,
  headers: Readonly<Record<string, string>> = {},
  path = '/v1/chat/completions',
) {
  const made = await aStartedGateway([aTarget()]);
  const request = new Request(`http://gateway.test${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-local', 'content-type': 'application/json', ...headers },
    body,
  });
  const response = await made.gateway.handle(request);
  const text = await response.text();
  return { ...made, status: response.status, text };
}

describe('the bytes of a body', () => {
  it.each([
    ['an overlong quote, which some would read as the end of the text', around(0xc0, 0xa2)],
    ['an overlong slash in three bytes', around(0xe0, 0x80, 0xaf)],
    ['half a surrogate pair in three bytes', around(0xed, 0xa0, 0x80)],
    ['a character beyond Unicode', around(0xf4, 0x90, 0x80, 0x80)],
    ['a character that is cut', around(0xe4, 0xb8)],
    ['Latin-1', around(0xe9)],
    ['a control character', around(0x0a)],
    ['a zero byte', around(0x00)],
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${good}`, 'utf16le'))],
    ['bytes after the end', bytesOf(`${good}${good}`)],
    ['a comment', bytesOf(`/* */${good}`)],
    ['a number that JSON has not', bytesOf('{"model":"chat-small","max_tokens":NaN,"messages":[]}')],
    [
      'form fields',
      bytesOf('--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nchat-small\r\n--b--\r\n'),
    ],
  ])('with %s are a 400 without a call', async (_, body) => {
    const { status, invoker } = await answerTo(body, { 'content-type': 'multipart/form-data; boundary=b' });
    expect([status, invoker.calls.length]).toEqual([400, 0]);
  });

  it.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, identity', 'GZIP'])(
    'said to be compressed by %s are refused unread',
    async (encoding) => {
      const { status, text, invoker } = await answerTo(good, { 'content-encoding': encoding });
      expect([status, invoker.calls.length]).toEqual([400, 0]);
      expect(text).toContain('content-encoding');
    },
  );

  it.each([
    ['a byte order mark', bytesOf(`\ufeff${good}`)],
    ['half a surrogate pair as an escape', bytesOf(good.replace('hi', '\\ud800'))],
    ['a zero character as an escape', bytesOf(good.replace('hi', '\\u0000'))],
  ])('with %s are read', async (_, body) => {
    const { status, invoker } = await answerTo(body);
    expect([status, invoker.calls.length]).toEqual([200, 1]);
  });

  it.each(['text/plain', 'application/json; charset=latin1', 'x'])(
    'are JSON in UTF-8, whatever %s says',
    async (contentType) => {
      const { status } = await answerTo(good.replace('hi', 'grüße'), { 'content-type': contentType });
      expect(status).toBe(200);
    },
  );
});

describe('the members of a body', () => {
  it('that come twice are judged as they are sent: the last one', async () => {
    const hidden = '{"model":"chat-small","messages":[{"role":"user","content":"first"}]';
    const { status, invoker } = await answerTo(`${hidden},"messages":[{"role":"user","content":"last"}]}`);
    expect([status, invoker.calls.length]).toEqual([200, 1]);
    expect(JSON.stringify(invoker.calls)).toContain('last');
    expect(JSON.stringify(invoker.calls)).not.toContain('first');
    const other = await answerTo(`${hidden},"model":"chat-huge"}`);
    expect([other.status, other.invoker.calls.length]).toEqual([404, 0]);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'named %s change no other object',
    async (name) => {
      for (const body of [
        good.replace('{', `{"${name}":{"admin":true},`),
        good.replace('"role"', `"${name}":{"admin":true},"role"`),
        good.replace('}]}', `}],"metadata":{"${name}":"x"}}`),
      ]) {
        const { status } = await answerTo(body);
        expect(status).toBeLessThan(500);
      }
      expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
    },
  );

  it.each([
    ['too deep', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['too many', `[${'0,'.repeat(250_000)}0]`],
    ['too many and empty', `[${','.repeat(300_000)}]`],
  ])('that are %s are refused before anything is built of them', async (_, text) => {
    const { status, text: told } = await answerTo(good.replace('}]}', `}],"metadata":${text}}`));
    expect(status).toBe(400);
    expect(told).toMatch(/must not (be nested deeper|hold more)/);
  });
});

describe('what a caller writes', () => {
  const mark = 'mark4711';
  it.each([
    ['a model', good.replace('chat-small', mark), {}],
    ['a field', good.replace('{', `{"${mark}\\r\\n":1,`), {}],
    ['a text', good.replace('hi', mark), {}],
    ['a role', good.replace('user', mark), {}],
    ['no JSON', `${mark}\r\n{"level":"error"}`, {}],
    ['a key', good, { authorization: `Bearer ${mark}` }],
    ['a residency', good, { 'x-spillway-residency': mark }],
    ['a lane', good, { 'x-spillway-lane': mark }],
    ['a deadline', good, { 'x-spillway-deadline-ms': mark }],
    ['a price', good, { 'x-spillway-max-cost-usd': mark }],
    ['a trace', good, { traceparent: mark }],
    ['a client', good, { 'user-agent': `${mark}\t{"level":"error"}` }],
    ['a request id', good, { 'x-spillway-request-id': mark, 'x-request-id': mark }],
    ['a media type', good, { 'content-type': mark }],
    ['a compression', good, { 'content-encoding': mark }],
    ['a path', good, {}, `/v1/${mark}%0d%0a`],
    ['a model in a path', '{}', {}, `/model/${mark}/converse`],
    ['a query', good, {}, `/v1/chat/completions?${mark}=%0d%0a`],
  ] as const)(
    'as %s stands in no line of the log and in no metric',
    async (_, body, headers, path?: string) => {
      const { status, lines, records, events } = await answerTo(body, headers, path);
      if (status === 200) expect([lines.length, records.length]).toEqual([1, 1]);
      const kept = JSON.stringify([lines, records, events], (_name, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(kept).not.toContain(mark);
    },
  );
});
