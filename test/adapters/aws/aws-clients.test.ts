import { expect, it } from 'vitest';
import { clientSettings, createConnectionPool } from '#adapters/aws/aws-clients.ts';

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
