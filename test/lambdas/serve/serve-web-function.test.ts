import { expect, it } from 'vitest';
import { serveWebFunction } from '#lambdas/serve/serve-web-function.ts';
import type { GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';

function aRuntime() {
  const done: string[] = [];
  const answered: GatewayAnswer = {
    status: 200,
    headers: new Map([['content-type', 'text/plain']]),
    body: 'yes',
  };
  return {
    done,
    gateway: {
      start: async () => void done.push('started'),
      answer: async () => answered,
    },
    close: async () => void done.push('closed'),
  };
}

it('listens where it is told once the gateway has started, and lets it go when the environment ends', async () => {
  const runtime = aRuntime();
  let end = async (): Promise<void> => undefined;
  const server = await serveWebFunction({
    address: '127.0.0.1:0',
    runtime,
    hasTenantKeys: false,
    atEnd: (ending) => {
      end = ending;
    },
  });
  expect(runtime.done).toEqual(['started']);
  const answer = await fetch(`${server.url}/healthz`);
  expect([answer.status, await answer.text()]).toEqual([200, 'yes']);
  await end();
  expect(runtime.done).toEqual(['started', 'closed']);
  await expect(fetch(server.url)).rejects.toThrow();
});

it.each([undefined, '', '8080', 'host:', 'host:port'])(
  'names an address that is none: %s',
  async (address) => {
    const runtime = aRuntime();
    const options = { address, runtime, hasTenantKeys: false, atEnd: () => undefined };
    await expect(serveWebFunction(options)).rejects.toThrow(
      `AWS_LAMBDA_HTTP_ENDPOINT: got ${JSON.stringify(address)}, want the host and port to listen on`,
    );
    expect(runtime.done).toEqual([]);
  },
);

it('serves no configuration with keys in clear beyond loopback', async () => {
  const options = { address: '0.0.0.0:0', runtime: aRuntime(), hasTenantKeys: true, atEnd: () => undefined };
  await expect(serveWebFunction(options)).rejects.toThrow('tenants.*.keys');
});
