import { describe, expect, it, vi } from 'vitest';
import { batchQueueName } from '#contract/resources.ts';
import { accepted, type Batch, COMPLETION_WINDOW_MS, closed, finalizing } from '#core/batch/batch.ts';
import { noUsage } from '#core/batch/line-usage.ts';
import { chatLinesNamed } from '#test/builders/a-batch-region.ts';
import { aBulkGateway } from '#test/builders/a-bulk-gateway.ts';
import { acmeConfig } from '#test/builders/configs.ts';

async function started() {
  const made = aBulkGateway();
  const { body: file } = await made.upload(chatLinesNamed(2));
  return { ...made, file };
}

async function messages({ desk }: Awaited<ReturnType<typeof started>>) {
  const signal = new AbortController().signal;
  const how = { messagesMax: 10, waitSeconds: 0, hiddenSeconds: 1, signal };
  const found = await desk.queue.receive(batchQueueName(desk.config.name), how);
  return found.map(({ body }) => (JSON.parse(body) as { kind: string }).kind);
}

describe('a batch', () => {
  it('is made, shown and listed, page by page', async () => {
    const { create, json, file } = await started();
    const first = await create(file.id);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      object: 'batch',
      status: 'validating',
      input_file_id: file.id,
      completion_window: '24h',
      request_counts: { total: 0, completed: 0, failed: 0 },
      spillway: { residency: 'us', repeated_calls: 0 },
    });
    const second = await create(file.id);
    expect((await json(`/v1/batches/${first.body.id}`)).body).toEqual(first.body);
    const page = (await json('/v1/batches?limit=1')).body;
    expect(page).toMatchObject({ data: [{ id: second.body.id }], has_more: true });
    const rest = (await json(`/v1/batches?limit=1&after=${second.body.id}`)).body;
    expect(rest).toMatchObject({ data: [{ id: first.body.id }], has_more: false });
    expect((await json('/v1/batches?limit=0')).status).toBe(400);
  });

  it('is another tenant’s as little as if it were not there', async () => {
    const { create, json, file } = await started();
    const { body } = await create(file.id);
    expect(await create(file.id, {}, 'sk-other')).toMatchObject({ status: 404 });
    expect(await json(`/v1/batches/${body.id}`, {}, 'sk-other')).toMatchObject({ status: 404 });
    const cancel = await json(`/v1/batches/${body.id}/cancel`, { method: 'POST' }, 'sk-other');
    expect(cancel.status).toBe(404);
    expect((await json('/v1/batches', {}, 'sk-other')).body).toMatchObject({ data: [] });
  });

  it('runs under the residency of its file and no other', async () => {
    const { create, file } = await started();
    const widened = await create(file.id, { 'x-spillway-residency': 'anywhere' });
    expect(widened.status).toBe(403);
    const other = await create(file.id, { 'x-spillway-residency': 'eu' });
    expect(other.status).toBe(421);
    expect(await create(file.id, { 'x-spillway-residency': 'us' })).toMatchObject({ status: 200 });
  });

  it('is the same one where a client tries again, by its key or by its own count of tries', async () => {
    const { create, file } = await started();
    const first = await create(file.id, { 'x-stainless-retry-count': '0' });
    const again = await create(file.id, { 'x-stainless-retry-count': '1' });
    expect(again.body.id).toBe(first.body.id);
    const fresh = await create(file.id, { 'x-stainless-retry-count': '0' });
    expect(fresh.body.id).not.toBe(first.body.id);
    const keyed = await create(file.id, { 'idempotency-key': 'mine' });
    expect((await create(file.id, { 'idempotency-key': 'mine' })).body.id).toBe(keyed.body.id);
  });

  it('is refused where its body is wrong or its file is none, or not for batches', async () => {
    const { create, json, file, desk } = await started();
    expect(await create('file-none')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', param: 'input_file_id' } },
    });
    const odd = { method: 'POST', body: JSON.stringify({ input_file_id: file.id }) };
    expect(await json('/v1/batches', odd)).toMatchObject({ status: 400 });
    const standing = await desk.store.loadFile('demo', file.id);
    if (standing === undefined) throw new Error('the file stands');
    await desk.store.saveFile({ ...standing, revision: 2, purpose: 'batch_output' });
    expect(await create(file.id)).toMatchObject({ status: 400 });
  });

  it('is cancelled once, and not when it has ended', async () => {
    const world = await started();
    const { create, json, file, desk } = world;
    const { body } = await create(file.id);
    const cancel = () => json(`/v1/batches/${body.id}/cancel`, { method: 'POST' });
    expect((await cancel()).body).toMatchObject({ status: 'cancelling' });
    expect((await cancel()).body).toMatchObject({ status: 'cancelling' });
    expect(await messages(world)).toContain('finish');
    const { body: other } = await create(file.id);
    const batch = (await desk.store.loadBatch('demo', other.id)) as Batch;
    const at = desk.clock.now();
    const running = accepted(batch, { model: 'chat-small', lines: 2, chunks: 1 }, at) as Batch;
    const ending = finalizing(running, at) as Batch;
    const tally = { completed: 2, failed: 0, expired: 0, repeatedCalls: 0, ...noUsage };
    for (const step of [running, ending, closed(ending, { tally }, at) as Batch])
      await desk.store.saveBatch(step);
    const late = await json(`/v1/batches/${other.id}/cancel`, { method: 'POST' });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'operation_refused' } } });
    expect((await json(`/v1/batches/${other.id}`)).body).toMatchObject({ request_counts: { completed: 2 } });
  });

  it('of a tenant without the lane of bulk is refused by name, and so is its file before it is read', async () => {
    const config = acmeConfig();
    const { demo } = config.tenants;
    if (demo === undefined) throw new Error('the example has a tenant demo');
    const higher = ['interactive', 'standard'] as const;
    const tenants = { ...config.tenants, demo: { ...demo, lanes: [...higher] } };
    const { file, create: _, ...allowed } = await started();
    const made = aBulkGateway({ desk: { ...allowed.desk, config: { ...config, tenants } } });
    const error = { code: 'invalid_request', message: expect.stringContaining('lane "bulk"') };
    expect(await made.upload('no form is read')).toMatchObject({ status: 400, body: { error } });
    expect(await made.create(file.id)).toMatchObject({ status: 400, body: { error } });
    expect((await made.json('/v1/files')).body).toMatchObject({ data: [{ id: file.id }] });
    expect((await made.json('/v1/batches')).body).toMatchObject({ data: [] });
  });

  it('is made of no file that is deleted before it may have ended, and is nobody’s when its time is over', async () => {
    const { create, json, file, clock } = await started();
    clock.advance(27.9 * 86_400_000);
    const { body } = await create(file.id);
    clock.advance(0.2 * 86_400_000);
    const error = { code: 'invalid_request', param: 'input_file_id' };
    expect(await create(file.id)).toMatchObject({ status: 400, body: { error } });
    clock.advance(28 * 86_400_000);
    expect(await json(`/v1/batches/${body.id}`)).toMatchObject({ status: 200 });
    clock.advance(86_400_000);
    expect(await json(`/v1/batches/${body.id}`)).toMatchObject({ status: 404 });
    expect((await json('/v1/batches')).body).toMatchObject({ data: [] });
  });

  it('is cancelled by as few calls of the stores, however many lines it has', async () => {
    const world = await started();
    const { create, json, file, desk } = world;
    const { body } = await create(file.id);
    const at = desk.clock.now();
    const batch = (await desk.store.loadBatch('demo', body.id)) as Batch;
    await desk.store.saveBatch(
      accepted(batch, { model: 'chat-small', lines: 41_000, chunks: 641 }, at) as Batch,
    );
    const objects = vi.spyOn(desk.objects, 'read');
    const answer = await json(`/v1/batches/${body.id}/cancel`, { method: 'POST' });
    expect(answer.body).toMatchObject({ status: 'cancelling', request_counts: { total: 41_000 } });
    expect(objects).not.toHaveBeenCalled();
    expect(await messages(world)).toEqual(['read', 'finish']);
  });

  it('that stands still because a message was lost goes on when somebody looks, once a minute', async () => {
    const world = await started();
    const { create, json, file, clock } = world;
    const { body } = await create(file.id);
    expect(await messages(world)).toEqual(['read']);
    clock.advance(6 * 60_000);
    await json(`/v1/batches/${body.id}`);
    await json(`/v1/batches/${body.id}`);
    expect((await messages(world)).filter((kind) => kind === 'read')).toHaveLength(1);
    await json(`/v1/batches/${body.id}/cancel`, { method: 'POST' });
    expect(await messages(world)).toContain('finish');
    clock.advance(6 * 60_000);
    await json(`/v1/batches/${body.id}`);
    expect((await messages(world)).filter((kind) => kind === 'finish')).not.toEqual([]);
    clock.advance(COMPLETION_WINDOW_MS);
    await json(`/v1/batches/${body.id}`);
    expect(await messages(world)).toContain('finish');
  });
});
