import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';

async function codeOf(response: Response) {
  const { error } = (await response.json()) as { readonly error: { readonly code: string } };
  return `${response.status} ${error.code}`;
}

describe('who calls', () => {
  it('is read from the bearer token or x-api-key, and nobody else is let in', async () => {
    const { gateway } = aGateway();
    const models = (headers: Record<string, string>) =>
      gateway.handle(new Request('http://gateway.test/v1/models', { headers }));
    expect((await models({ authorization: 'Bearer sk-local' })).status).toBe(200);
    expect((await models({ 'x-api-key': 'sk-local' })).status).toBe(200);
    for (const headers of [
      {},
      { authorization: 'sk-local' },
      { authorization: 'Bearer ' },
      { 'x-api-key': '' },
      { 'x-api-key': 'x'.repeat(5000) },
      { authorization: 'Basic c2s=' },
    ]) {
      const response = await models(headers);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await codeOf(response)).toBe('401 invalid_api_key');
    }
  });

  it('is 503 when the directory cannot tell', async () => {
    const { chat } = aGateway();
    expect(await codeOf(await chat({}, { authorization: 'Bearer sk-down' }))).toBe('503 auth_unavailable');
  });

  it.each(['/spillway/v1/availability', '/spillway/v1/routes/chat-small', '/v1/models/chat-small'])(
    'is asked at %s too',
    async (path) => {
      const { get } = aGateway();
      expect(await codeOf(await get(path, { authorization: 'Bearer wrong' }))).toBe('401 invalid_api_key');
    },
  );
});
