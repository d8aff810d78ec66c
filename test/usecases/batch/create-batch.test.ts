import { describe, expect, it } from 'vitest';
import { batchQueueName } from '#contract/resources.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { aBatchRegion, batchTenant, chatLinesNamed } from '#test/builders/a-batch-region.ts';
import type { BatchDesk } from '#usecases/batch/batch-services.ts';
import { createBatch } from '#usecases/batch/create-batch.ts';

async function region() {
  const made = aBatchRegion();
  const { inputFile } = await made.start(chatLinesNamed(1));
  const file = await made.desk.store.loadFile('demo', inputFile);
  if (file === undefined) throw new Error('the file stands');
  const order = {
    tenant: batchTenant,
    file,
    request: { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' },
    at: made.clock.now(),
  } as const;
  return { ...made, file, order };
}

async function messagesOf(desk: BatchDesk): Promise<readonly unknown[]> {
  const signal = new AbortController().signal;
  const how = { messagesMax: 10, waitSeconds: 0, hiddenSeconds: 1, signal };
  const found = await desk.queue.receive(batchQueueName(desk.config.name), how);
  return found.map(({ body }) => JSON.parse(body) as unknown);
}

describe('a batch that is asked for', () => {
  it('is to be asked for again where too many others of the same file are, which is not gone', async () => {
    const { desk, order } = await region();
    const refusing = { ...desk, store: { ...desk.store, saveFile: async () => false } };
    expect(await createBatch(refusing, order)).toMatchObject({
      ok: false,
      refusal: { code: 'not_ready', retryAfterMs: 1000 },
    });
    expect(await messagesOf(desk)).toHaveLength(1);
  });

  it('stands under the residency of its file and the scopes of its key, and asks for it to be read', async () => {
    const { desk, order, file } = await region();
    const tenant = { name: 'demo', residencies: ['us'], models: ['chat-small'] };
    const made = await createBatch(desk, { ...order, tenant });
    if (!made.ok) throw new Error(made.refusal.message);
    expect(made.value).toMatchObject({
      state: 'validating',
      residency: file.residency,
      scopes: { residencies: ['us'], models: ['chat-small'] },
    });
    expect(await desk.store.loadBatch('demo', made.value.id)).toEqual(made.value);
    expect((await desk.store.loadFile('demo', file.id))?.readers).toContain(made.value.id);
    expect(await messagesOf(desk)).toContainEqual({ kind: 'read', tenant: 'demo', batch: made.value.id });
  });

  it('is the same one where the request is sent again, also after half of it was done', async () => {
    const { desk, order } = await region();
    const mark = { text: 'same', isRetry: false, keptMs: 60_000 };
    const queue = {
      ...desk.queue,
      send: () => Promise.reject(houseError('upstream_unavailable', { message: 'no queue' })),
    };
    await expect(createBatch({ ...desk, queue }, { ...order, mark })).rejects.toThrow('no queue');
    const again = await createBatch(desk, { ...order, mark: { ...mark, isRetry: true } });
    const third = await createBatch(desk, { ...order, mark: { ...mark, isRetry: true } });
    expect(again.ok && third.ok && again.value.id === third.value.id).toBe(true);
    const other = await createBatch(desk, { ...order, mark });
    expect(other.ok && again.ok && other.value.id !== again.value.id).toBe(true);
    const page = await desk.store.listBatches('demo', { limit: 10 });
    expect(page.items).toHaveLength(3);
  });

  it('is refused where its file is gone', async () => {
    const { desk, order, file } = await region();
    const standing = await desk.store.loadFile('demo', file.id);
    if (standing !== undefined) await desk.store.removeFile(standing);
    expect(await createBatch(desk, order)).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
  });
});
