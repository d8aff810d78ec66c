import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionPool, clientSettings, createConnectionPool } from '#adapters/aws/aws-clients.ts';

it('clients try once, share kept connections, and go to AWS unless told otherwise', () => {
  const pool = createConnectionPool();
  const access = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const settings = clientSettings(access, pool);
  expect(settings).toMatchObject({ region: 'us-east-1', maxAttempts: 1 });
  expect(settings.requestHandler.httpsAgent).toBe(pool.httpsAgent);
  expect(pool.httpsAgent.options.keepAlive).toBe(true);
  expect('endpoint' in settings).toBe(false);
  expect(clientSettings({ ...access, endpoint: 'http://127.0.0.1:1' }, pool)).toMatchObject({
    endpoint: 'http://127.0.0.1:1',
  });
  pool.close();
});

describe('kept connections', () => {
  let server: Server;
  let sockets: number;
  const clock = { wallMs: 0, monotonicMs: 0 };
  let pool: ConnectionPool;
  beforeEach(async () => {
    sockets = 0;
    server = createServer((_, response) => response.end('ok'));
    server.on('connection', () => {
      sockets += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    pool = createConnectionPool(() => ({ ...clock }));
  });
  afterEach(() => {
    pool.close();
    server.close();
  });

  const ask = async (): Promise<void> => {
    const { port } = server.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, agent: pool.httpAgent }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    await answer.toArray();
    await expect.poll(() => Object.keys(pool.httpAgent.freeSockets).length).toBe(1);
  };

  it.each(['wallMs', 'monotonicMs'] as const)(
    'carry no request after they were idle for a minute by %s, which no timer may have seen',
    async (kind) => {
      await ask();
      clock[kind] += 40_000;
      await ask();
      expect(sockets).toBe(1);
      clock[kind] += 60_000;
      await ask();
      expect(sockets).toBe(2);
      await ask();
      expect(sockets).toBe(2);
    },
  );

  it('of a request that is under way are left alone', async () => {
    const { port } = server.address() as AddressInfo;
    server.removeAllListeners('request');
    server.on('request', ({ url }, response) => {
      if (url === '/quick') response.end('ok');
      else response.write('half of ');
      if (url === '/long') server.once('finish-it', () => response.end('it'));
    });
    const agent = pool.httpAgent;
    const long = request({ host: '127.0.0.1', port, agent, path: '/long' }).end();
    const [answer] = (await once(long, 'response')) as [IncomingMessage];
    clock.wallMs += 60_000;
    await once(request({ host: '127.0.0.1', port, agent, path: '/quick' }).end(), 'response');
    server.emit('finish-it');
    expect(Buffer.concat(await answer.toArray()).toString()).toBe('half of it');
  });
});
