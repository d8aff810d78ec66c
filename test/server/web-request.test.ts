import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { UnservableRequest, webRequest } from '#server/web-request.ts';
import { webRequestOf } from '#test/builders/web-request-of.ts';

function incoming(parts: {
  readonly method?: string;
  readonly url?: string;
  readonly rawHeaders?: readonly string[];
}) {
  const message = new IncomingMessage(new Socket());
  return Object.assign(message, { method: 'POST', url: '/', rawHeaders: ['Host', 'x'], ...parts });
}

const options = {
  origin: 'http://127.0.0.1:4000',
  signal: new AbortController().signal,
  onFirstRead: () => undefined,
};

describe('webRequest', () => {
  it('believes its own address, not the Host header', () => {
    const request = webRequest(incoming({ url: '//evil/x?y', rawHeaders: ['Host', 'evil'] }), options);
    expect(request.url).toBe('http://127.0.0.1:4000//evil/x?y');
    expect(request.headers.get('host')).toBe('evil');
  });

  it('keeps every value of a header that comes twice', () => {
    const request = webRequest(incoming({ rawHeaders: ['Host', 'x', 'X-A', '1', 'x-a', '2'] }), options);
    expect(request.headers.get('x-a')).toBe('1, 2');
  });

  it('reads the body only when it is asked to, and says so once', async () => {
    let reads = 0;
    const message = incoming({});
    const request = webRequest(message, {
      ...options,
      onFirstRead: () => {
        reads += 1;
      },
    });
    message.push('ab');
    message.push('cd');
    message.push(null);
    expect(reads).toBe(0);
    expect(await webRequestOf(request).text()).toBe('abcd');
    expect(reads).toBe(1);
  });

  it('has no body where the method has none', () => {
    expect(webRequest(incoming({ method: 'GET' }), options).body).toBeNull();
    expect(webRequest(incoming({ method: 'HEAD' }), options).body).toBeNull();
  });

  it.each([
    [{ method: 'TRACE' }, 405],
    [{ method: 'CONNECT' }, 405],
    [{ url: '*' }, 400],
    [{ url: 'http://a/b' }, 400],
    [{ rawHeaders: ['host', 'x', 'x-a', 'bad\u0000value'] }, 400],
    [{ rawHeaders: [] }, 400],
    [{ rawHeaders: ['Host', 'x', 'host', 'y'] }, 400],
    [{ rawHeaders: ['Host', 'x', 'Expect', 'magic'] }, 417],
  ])('refuses %j', (parts, status) => {
    const refusal = () => webRequest(incoming(parts), options);
    expect(refusal).toThrow(UnservableRequest);
    expect(refusal).toThrow(expect.objectContaining({ status }));
  });
});
