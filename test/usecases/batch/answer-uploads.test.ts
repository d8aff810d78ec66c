import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aBulkGateway } from '#test/builders/a-bulk-gateway.ts';
import { acmeConfig } from '#test/builders/configs.ts';

function anUploader(made = aBulkGateway()) {
  const { json } = made;
  const post = (path: string, body: object, headers: Record<string, string> = {}, key?: string) =>
    json(
      path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      },
      key,
    );
  const create = (bytes: number, changes: object = {}, headers?: Record<string, string>) =>
    post(
      '/v1/uploads',
      { bytes, filename: 'in.jsonl', mime_type: 'text/plain', purpose: 'batch', ...changes },
      headers,
    );
  const part = (id: string, text: string, key?: string) => {
    const form = new FormData();
    form.set('data', new Blob([text]), 'blob');
    return json(`/v1/uploads/${id}/parts`, { method: 'POST', body: form }, key);
  };
  const complete = (id: string, part_ids: readonly string[], changes: object = {}, key?: string) =>
    post(`/v1/uploads/${id}/complete`, { part_ids, ...changes }, {}, key);
  const cancel = (id: string, key?: string) => post(`/v1/uploads/${id}/cancel`, {}, {}, key);
  return { ...made, create, part, complete, cancel };
}

describe('a file that comes in parts', () => {
  it('is put together in the order that is said, once, and leaves no parts behind', async () => {
    const { create, part, complete, ask, desk } = anUploader();
    const { body: upload } = await create(10, { expires_after: { anchor: 'created_at', seconds: 7_200 } });
    expect(upload).toMatchObject({ object: 'upload', status: 'pending', bytes: 10, file: null });
    const late = await part(upload.id, 'world');
    const early = await part(upload.id, 'hello');
    expect(early.body).toMatchObject({ object: 'upload.part', upload_id: upload.id });
    const ids = [early.body.id, late.body.id];
    const whole = await complete(upload.id, ids);
    expect(whole.body).toMatchObject({ status: 'completed', file: { object: 'file', bytes: 10 } });
    const file = whole.body.file as { id: string; created_at: number; expires_at: number };
    expect(file.expires_at - file.created_at).toBe(7_200);
    expect(await (await ask(`/v1/files/${file.id}/content`)).text()).toBe('helloworld');
    expect((await complete(upload.id, ids)).body).toEqual(whole.body);
    expect((await complete(upload.id, [...ids].reverse())).status).toBe(409);
    expect(await desk.objects.list('files/')).toEqual([`files/demo/${file.id}`]);
  });

  it('stays open where its parts make no such file', async () => {
    const { create, part, complete, desk } = anUploader();
    const { body: upload } = await create(5);
    const { body: one } = await part(upload.id, 'hel');
    const { body: two } = await part(upload.id, 'lo');
    const error = { code: 'invalid_request', param: 'part_ids' };
    for (const ids of [[one.id], [one.id, two.id, two.id], [one.id, 'part_none']])
      expect(await complete(upload.id, ids)).toMatchObject({ status: 400, body: { error } });
    expect(await desk.store.listFiles('demo', { limit: 5 })).toMatchObject({ items: [] });
    expect(await complete(upload.id, [one.id, two.id])).toMatchObject({ status: 200 });
  });

  it('reads no part beside its own, whatever stands in its list', async () => {
    const { create, complete } = anUploader();
    const { body: upload } = await create(5);
    for (const id of ['../file-1', 'part_1/../../x', 'file-1', ''])
      expect(await complete(upload.id, [id])).toMatchObject({ status: 400 });
    expect(await complete(upload.id, ['part_1'], { md5: 'abc' })).toMatchObject({ status: 400 });
    expect(await complete(upload.id, [])).toMatchObject({ status: 400 });
  });

  it('is cancelled, or over after an hour, and takes nothing then', async () => {
    const { create, part, complete, cancel, desk, clock } = anUploader();
    const { body: upload } = await create(5);
    const { body: one } = await part(upload.id, 'hello');
    expect((await cancel(upload.id)).body).toMatchObject({ status: 'cancelled' });
    expect((await cancel(upload.id)).body).toMatchObject({ status: 'cancelled' });
    expect(await desk.objects.list('files/')).toEqual([]);
    expect((await complete(upload.id, [one.id])).status).toBe(409);
    const { body: other } = await create(5);
    clock.advance(3_600_000);
    expect(await part(other.id, 'hello')).toMatchObject({ status: 409 });
    expect(await complete(other.id, ['part_1'])).toMatchObject({ status: 409 });
  });

  it('is not read, kept nor put together by a gateway outside of its residency', async () => {
    const { ask, complete, create, desk } = anUploader();
    const { body } = await create(5);
    const standing = await desk.store.loadUpload('demo', body.id);
    if (standing === undefined) throw new Error('the upload stands');
    await desk.store.saveUpload({ ...standing, revision: 2, residency: 'eu' });
    let read = 0;
    const stream = new ReadableStream(
      {
        pull(controller) {
          read += 1;
          controller.enqueue(new TextEncoder().encode('prompt'));
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit;
    expect((await ask(`/v1/uploads/${body.id}/parts`, init)).status).toBe(421);
    expect((await complete(body.id, ['part_1'])).status).toBe(421);
    expect([read, await desk.objects.list('')]).toEqual([0, []]);
  });

  it('is kept under exactly the residencies under which a whole file is', async () => {
    const names = [...Object.keys(acmeConfig().residencies), 'nowhere', ''];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.constantFrom(...names), async (first, later) => {
        const { create, part, upload, desk } = anUploader();
        const file = await upload('hello', { 'x-spillway-residency': first });
        const made = await create(5, {}, { 'x-spillway-residency': first });
        expect(made.status).toBe(file.status);
        if (made.status !== 200) return;
        // A configuration may change while an upload is open.
        const standing = await desk.store.loadUpload('demo', made.body.id);
        if (standing === undefined) throw new Error('the upload stands');
        await desk.store.saveUpload({ ...standing, revision: 2, residency: later });
        const asLater = await upload('hello', { 'x-spillway-residency': later });
        expect((await part(made.body.id, 'hello')).status).toBe(asLater.status);
      }),
      { numRuns: 40 },
    );
  });

  it('is another tenant’s as little as if it were not there', async () => {
    const { create, part, complete, cancel } = anUploader();
    const { body: upload } = await create(5);
    expect(await part(upload.id, 'hello', 'sk-other')).toMatchObject({ status: 404 });
    expect(await complete(upload.id, ['part_1'], {}, 'sk-other')).toMatchObject({ status: 404 });
    expect(await cancel(upload.id, 'sk-other')).toMatchObject({ status: 404 });
  });

  it('is refused where it is too long, unlawful here, or the tenant has no lane for it', async () => {
    const { create, json } = anUploader();
    expect(await create(200_000_001)).toMatchObject({ status: 413, body: { error: { param: 'bytes' } } });
    expect(await create(5, {}, { 'x-spillway-residency': 'eu' })).toMatchObject({ status: 421 });
    expect(await create(5, { purpose: 'vision' })).toMatchObject({ status: 400 });
    const { body: upload } = await create(5);
    const asText = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' };
    expect(await json(`/v1/uploads/${upload.id}/parts`, asText)).toMatchObject({ status: 400 });
    const config = acmeConfig();
    const { demo } = config.tenants;
    if (demo === undefined) throw new Error('the example has a tenant demo');
    const tenants = { ...config.tenants, demo: { ...demo, lanes: [...(['interactive'] as const)] } };
    const forbidden = anUploader(aBulkGateway({ desk: { config: { ...config, tenants } } }));
    expect(await forbidden.create(5)).toMatchObject({ status: 400 });
  });
});
