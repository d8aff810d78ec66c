import { describe, expect, it } from 'vitest';
import { requestOfEvent } from '#lambdas/gateway/request-of-event.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';

const { signal } = new AbortController();

async function bytesOf({ body }: GatewayRequest): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts);
}

const proxyEvent = {
  resource: '/{proxy+}',
  httpMethod: 'POST',
  path: '/v1/chat/completions',
  headers: { 'content-type': 'application/json', authorization: 'Bearer sk-local' },
  multiValueHeaders: {
    'content-type': ['application/json'],
    authorization: ['Bearer sk-local'],
    accept: ['text/event-stream', 'application/json'],
  },
  queryStringParameters: { a: '2' },
  multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'] },
  body: '{"model":"größe"}',
  isBase64Encoded: false,
};

const urlEvent = {
  version: '2.0',
  rawPath: '/spillway/v1/routes/chat-small',
  rawQueryString: 'residency=eu&from=eu-west-1',
  headers: { authorization: 'Bearer sk-local' },
  requestContext: { http: { method: 'GET', path: '/spillway/v1/routes/chat-small' } },
};

describe('requestOfEvent', () => {
  it('reads a REST proxy event with every value of its headers and parameters', async () => {
    const request = requestOfEvent(proxyEvent, signal);
    const url = new URL(request.url);
    expect(request.method).toBe('POST');
    expect(url.pathname + url.search).toBe('/v1/chat/completions?a=1&a=2&b=x+y');
    expect(request.headers.get('accept')).toBe('text/event-stream, application/json');
    expect(request.headers.get('authorization')).toBe('Bearer sk-local');
    expect((await bytesOf(request)).toString()).toBe('{"model":"größe"}');
  });

  it('reads headers as the web does: names in any case, values without blanks around them', () => {
    const headers = { 'X-Trace': ' a ', Accept: 'text/plain' };
    const request = requestOfEvent({ ...urlEvent, headers }, signal);
    const web = new Headers(headers);
    expect([...request.headers]).toEqual(expect.arrayContaining([...web]));
    expect([request.headers.get('X-TRACE'), request.headers.has('aCCept')]).toEqual(['a', true]);
  });

  it('says who signed, as the front door says it', () => {
    const requestContext = {
      identity: { userArn: 'arn:aws:iam::111111111111:user/ada', accountId: '111111111111' },
    };
    expect(requestOfEvent({ ...proxyEvent, requestContext }, signal).principal).toEqual({
      arn: 'arn:aws:iam::111111111111:user/ada',
      account: '111111111111',
    });
    expect(requestOfEvent(proxyEvent, signal).principal).toBeUndefined();
  });

  it('reads single values where there are no lists', () => {
    const { multiValueHeaders: _, multiValueQueryStringParameters: __, ...single } = proxyEvent;
    const request = requestOfEvent(single, signal);
    expect(new URL(request.url).search).toBe('?a=2');
    expect(request.headers.get('authorization')).toBe('Bearer sk-local');
  });

  it('reads payload 2.0 of a function URL', async () => {
    const request = requestOfEvent(urlEvent, signal);
    const url = new URL(request.url);
    expect(request.method).toBe('GET');
    expect(url.pathname + url.search).toBe('/spillway/v1/routes/chat-small?residency=eu&from=eu-west-1');
    expect(request.body).toBeNull();
  });

  it.each([proxyEvent, { ...urlEvent, requestContext: { http: { method: 'POST' } } }])(
    'decodes a base64 body, bytes and all (%#)',
    async (event) => {
      const bytes = Buffer.from([0, 255, 128, 10]);
      const request = requestOfEvent(
        { ...event, body: bytes.toString('base64'), isBase64Encoded: true },
        signal,
      );
      expect(await bytesOf(request)).toEqual(bytes);
    },
  );

  it('keeps a path that API Gateway has decoded', () => {
    const request = requestOfEvent({ ...proxyEvent, path: '/v1/routes/grö ße' }, signal);
    expect(new URL(request.url).pathname).toBe('/v1/routes/gr%C3%B6%20%C3%9Fe');
  });

  it.each([
    null,
    'text',
    {},
    { version: '2.0' },
    { httpMethod: 'GET' },
    { ...proxyEvent, path: 'no slash' },
    { ...proxyEvent, httpMethod: 'TRACE' },
    { ...proxyEvent, httpMethod: 'GET /' },
    { ...proxyEvent, multiValueHeaders: { 'bad name': ['x'] } },
    { ...proxyEvent, multiValueHeaders: { x: ['a\nb'] } },
    { ...proxyEvent, multiValueHeaders: { x: ['…'] } },
  ])('refuses %j as an event that is no HTTP request', (event) => {
    expect(() => requestOfEvent(event, signal)).toThrow('the event is no HTTP request');
  });
});
