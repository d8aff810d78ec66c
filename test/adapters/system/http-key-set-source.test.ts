import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpKeySetSource } from '#adapters/system/http-key-set-source.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  server = createServer((_, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
}

describe('key sets over HTTP', () => {
  it('are taken as they come', async () => {
    const keySet = { keys: [{ kty: 'EC', kid: '1', crv: 'P-256' }] };
    expect(await httpKeySetSource.load(await answering(200, JSON.stringify(keySet)))).toEqual(keySet);
  });

  it.each([
    ['a status that is not 200', 503, '{"keys":[]}', {}],
    ['a text that is no JSON', 200, '<html>', {}],
    ['JSON that is no key set', 200, '{"keys":7}', {}],
    ['more keys than an issuer has', 200, JSON.stringify({ keys: Array(101).fill({ kty: 'EC' }) }), {}],
    ['more bytes than a hundred keys have', 200, `{"keys":[{"kty":"${'x'.repeat(2_000_000)}"}]}`, {}],
    ['another address', 302, '', { location: 'http://127.0.0.1:1/keys' }],
  ])('are refused with %s', async (_, status, body, headers) => {
    await expect(httpKeySetSource.load(await answering(status, body, headers))).rejects.toThrow();
  });
});
