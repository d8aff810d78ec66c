import { describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import { aBulkGateway } from '#test/builders/a-bulk-gateway.ts';

describe('files and batches', () => {
  it('are nobody’s whose key is not known', async () => {
    const { json } = aBulkGateway();
    for (const path of ['/v1/files', '/v1/batches', '/v1/files/file-1', '/v1/batches/batch_1'])
      expect(await json(path, {}, 'sk-nobody')).toMatchObject({ status: 401 });
  });

  it('are 404 where they are switched off', async () => {
    const { json } = aBulkGateway({ overrides: { openBatches: undefined } });
    expect(await json('/v1/batches')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  it('are told to come back to where a store is away, and no more', async () => {
    const away = async () => {
      throw houseError('throttled', { message: 'PutItem: the table acme-batches of 111111111111' });
    };
    const { desk } = aBulkGateway();
    const { json, lines } = aBulkGateway({ desk: { store: { ...desk.store, listBatches: away } } });
    const { status, body, headers } = await json('/v1/batches');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(body)).not.toContain('1111');
    expect(lines.map(({ event }) => event)).toContain('batch-store-failed');
  });

  it('know no id that is longer than any, and ask no store for it', async () => {
    const { json, lines } = aBulkGateway();
    for (const path of ['files/', 'batches/']) {
      const { status, body } = await json(`/v1/${path}${'x'.repeat(3000)}`);
      expect(status).toBe(404);
      expect(body.error).toMatchObject({ code: 'not_found', param: 'id' });
    }
    expect(lines.map(({ event }) => event)).not.toContain('batch-store-failed');
  });

  it('take the methods that OpenAI’s do, and say which', async () => {
    const { ask } = aBulkGateway();
    const put = await ask('/v1/files/file-1', { method: 'PUT' });
    expect(put.status).toBe(405);
    expect(put.headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect((await ask('/v1/files', { method: 'DELETE' })).headers.get('allow')).toBe('POST, GET, HEAD');
  });
});
