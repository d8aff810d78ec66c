import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

async function started(targets = [east, west]) {
  const world = aGateway({ routes: [aRoute({ targets })] });
  await world.gateway.start();
  world.gateway.stop();
  return world;
}

describe('paths and methods', () => {
  it('take HEAD where they take GET, as load balancers probe', async () => {
    const { gateway } = await started();
    expect(
      (await gateway.handle(new Request('http://gateway.test/healthz', { method: 'HEAD' }))).status,
    ).toBe(200);
    const refused = await gateway.handle(new Request('http://gateway.test/healthz', { method: 'DELETE' }));
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each([
    ['/nothing', 'GET', 404, 'not_found'],
    ['/v1/chat/completions', 'GET', 405, 'method_not_allowed'],
    ['/v1/models', 'POST', 405, 'method_not_allowed'],
  ])('%s %s is refused with %i', async (path, method, status, code) => {
    const { gateway } = await started();
    const response = await gateway.handle(new Request(`http://gateway.test${path}`, { method }));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(response.headers.get('x-spillway-request-id')).not.toBeNull();
  });
});

describe("Bedrock's paths", () => {
  const post = async (path: string, body: unknown) => {
    const { gateway } = await started();
    const headers = { authorization: 'Bearer nobody' };
    return gateway.handle(
      new Request(`http://gateway.test${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    );
  };

  it.each(['/model/chat/converse', '/model/chat/converse-stream', '/model/a%3Ab%2Fc/converse'])(
    "%s has AWS's errors",
    async (path) => {
      const response = await post(path, {});
      expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
        401,
        'AccessDeniedException',
      ]);
      expect(response.headers.get('x-amzn-requestid')).toBe(response.headers.get('x-spillway-request-id'));
      expect(await response.json()).toMatchObject({ code: 'invalid_api_key', message: expect.any(String) });
    },
  );

  it('name no other operation, and no model without a name', async () => {
    for (const path of [
      '/model/chat/conjure',
      '/model//converse',
      '/model/a/b/converse',
      '/model/%ff/converse',
    ]) {
      const response = await post(path, {});
      expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
        404,
        'UnknownOperationException',
      ]);
    }
  });
});
