import { describe, expect, it } from 'vitest';
import { chatLinesNamed } from '#test/builders/a-batch-region.ts';
import { aBulkGateway } from '#test/builders/a-bulk-gateway.ts';

describe('a file', () => {
  it('is taken in, shown, listed, read and deleted', async () => {
    const { upload, json, ask } = aBulkGateway();
    const text = chatLinesNamed(3);
    const { status, body, headers } = await upload(text);
    expect(status).toBe(200);
    expect(headers.get('x-spillway-residency')).toBe('us');
    expect(body).toMatchObject({
      object: 'file',
      purpose: 'batch',
      bytes: text.length,
      filename: 'in.jsonl',
    });
    expect((await json(`/v1/files/${body.id}`)).body).toEqual(body);
    expect((await json('/v1/files?limit=1&order=asc')).body).toMatchObject({ data: [body], has_more: false });
    expect((await json('/v1/files?purpose=batch_output')).body).toMatchObject({ data: [] });
    const content = await ask(`/v1/files/${body.id}/content`);
    expect(content.headers.get('content-length')).toBe(String(text.length));
    expect(await content.text()).toBe(text);
    const gone = await json(`/v1/files/${body.id}`, { method: 'DELETE' });
    expect(gone.body).toEqual({ id: body.id, object: 'file', deleted: true });
    expect((await json(`/v1/files/${body.id}`)).status).toBe(404);
    expect((await json(`/v1/files/${body.id}/content`)).status).toBe(404);
  });

  it('is another tenant’s as little as if it were not there', async () => {
    const { upload, json } = aBulkGateway();
    const { body } = await upload(chatLinesNamed(1));
    for (const [path, method] of [
      [`/v1/files/${body.id}`, 'GET'],
      [`/v1/files/${body.id}/content`, 'GET'],
      [`/v1/files/${body.id}`, 'DELETE'],
    ] as const)
      expect(await json(path, { method }, 'sk-other')).toMatchObject({ status: 404 });
    expect((await json('/v1/files', {}, 'sk-other')).body).toMatchObject({ data: [] });
    expect((await json(`/v1/files/${body.id}`)).status).toBe(200);
  });

  it('is not read where its residency does not allow it, nor kept', async () => {
    const { desk, upload, ask } = aBulkGateway();
    const refused = await upload(chatLinesNamed(1), { 'x-spillway-residency': 'eu' });
    expect(refused).toMatchObject({ status: 421, body: { error: { code: 'wrong_gateway_region' } } });
    expect(await upload('x', { 'x-spillway-residency': 'japan' })).toMatchObject({ status: 403 });
    let read = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          read += 1;
          controller.enqueue(new TextEncoder().encode('prompt'));
        },
      },
      { highWaterMark: 0 },
    );
    const headers = {
      'content-type': 'multipart/form-data; boundary=b',
      'x-spillway-residency': 'frankfurt',
    };
    const answer = await ask('/v1/files', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect(answer.status).toBe(421);
    expect(read).toBe(0);
    expect(await desk.objects.list('')).toEqual([]);
  });

  it('must come as a form', async () => {
    const { json } = aBulkGateway();
    const asJson = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await json('/v1/files', asJson)).toMatchObject({ status: 400 });
  });

  it('stays while a batch reads it', async () => {
    const { upload, create, json } = aBulkGateway();
    const { body: file } = await upload(chatLinesNamed(1));
    const { body: batch } = await create(file.id);
    const refused = await json(`/v1/files/${file.id}`, { method: 'DELETE' });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'operation_refused' } } });
    await json(`/v1/batches/${batch.id}/cancel`, { method: 'POST' });
    expect(await json(`/v1/files/${file.id}`, { method: 'DELETE' })).toMatchObject({ status: 409 });
  });
});
