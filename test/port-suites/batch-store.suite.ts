/** What every BatchStore promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Batch, newBatch } from '#core/batch/batch.ts';
import { type Chunk, doneWith, heldOn, takeChunk } from '#core/batch/chunk.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import { pinned, type StoredUpload } from '#core/batch/stored-upload.ts';
import type { BatchStore } from '#usecases/ports/batch-store.ts';

const at = Date.UTC(2026, 10, 21, 8);

const usage = { inputTokens: 9, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 1 };

const aFile = (tenant: string, id: string): StoredFile => ({
  tenant,
  id,
  revision: 1,
  purpose: 'batch',
  filename: 'in.jsonl',
  bytes: 12,
  createdAt: at,
  expiresAt: at + 86_400_000,
  residency: 'eu',
  key: `files/${tenant}/${id}`,
  readers: [],
});

const aBatch = (tenant: string, id: string): Batch =>
  newBatch(
    {
      tenant,
      id,
      endpoint: '/v1/chat/completions',
      inputFile: 'file-1',
      inputKey: 'files/x/file-1',
      residency: 'eu',
      scopes: { residencies: ['eu'], models: ['*'] },
      metadata: { name: 'value' },
    },
    at,
  );

function aChunk(batch: string, index: number): Chunk {
  const taking = takeChunk(undefined, { batch, index, holder: 'one', at, leaseMs: 1000 });
  if (taking.kind !== 'taken') throw new Error('a new chunk is free');
  return taking.chunk;
}

export function describeBatchStore(
  name: string,
  open: () => Promise<{ readonly store: BatchStore; close(): Promise<void> }>,
): void {
  describe(`a batch store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('keeps a file for its tenant alone, changes it from the last reading only, and removes it likewise', async () => {
      const { store } = opened;
      const file = aFile('one', 'file-1');
      expect(await store.saveFile(file)).toBe(true);
      expect(await store.saveFile(file)).toBe(false);
      expect(await store.loadFile('one', 'file-1')).toEqual(file);
      expect(await store.loadFile('two', 'file-1')).toBeUndefined();
      const changed = { ...file, revision: 2, readers: ['batch_1'] };
      expect(await store.saveFile(changed)).toBe(true);
      expect(await store.saveFile({ ...changed, readers: [] })).toBe(false);
      expect(await store.removeFile(file)).toBe(false);
      expect(await store.removeFile(changed)).toBe(true);
      expect(await store.loadFile('one', 'file-1')).toBeUndefined();
    });

    it('keeps an upload, and changes it from the last reading only', async () => {
      const { store } = opened;
      const upload: StoredUpload = {
        ...{ tenant: 'one', id: 'upload_1', revision: 1, filename: 'in.jsonl', bytes: 12, residency: 'eu' },
        ...{ createdAt: at, expiresAt: at + 3_600_000, fileKeptMs: 7_200_000, state: 'pending', parts: [] },
      };
      expect(await store.saveUpload(upload)).toBe(true);
      expect(await store.saveUpload(upload)).toBe(false);
      expect(await store.loadUpload('one', 'upload_1')).toEqual(upload);
      expect(await store.loadUpload('two', 'upload_1')).toBeUndefined();
      const standing = pinned(upload, ['part_2', 'part_1'], at) as StoredUpload;
      expect(await store.saveUpload(standing)).toBe(true);
      expect(await store.loadUpload('one', 'upload_1')).toEqual(standing);
    });

    it('keeps a batch with all that is known of it', async () => {
      const { store } = opened;
      const batch = aBatch('one', 'batch_1');
      expect(await store.saveBatch(batch)).toBe(true);
      const full: Batch = {
        ...batch,
        revision: 2,
        state: 'completed',
        model: 'chat-small',
        lines: 3,
        chunks: 1,
        problems: [{ code: 'c', message: 'm', line: 1 }],
        tally: { completed: 2, failed: 1, expired: 0, repeatedCalls: 1, ...usage },
        outputFile: 'file-2',
      };
      expect(await store.saveBatch(full)).toBe(true);
      expect(await store.loadBatch('one', 'batch_1')).toEqual(full);
      expect(await store.saveBatch(full)).toBe(false);
    });

    it('lists page by page, from either end, one tenant’s own', async () => {
      const { store } = opened;
      const ids = ['batch_a', 'batch_b', 'batch_c'];
      for (const id of ids) await store.saveBatch(aBatch('lister', id));
      await store.saveBatch(aBatch('lister2', 'batch_b'));
      const first = await store.listBatches('lister', { limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual(['batch_c', 'batch_b']);
      expect(first.hasMore).toBe(true);
      const rest = await store.listBatches('lister', { limit: 2, after: 'batch_b' });
      expect(rest.items.map(({ id }) => id)).toEqual(['batch_a']);
      expect(rest.hasMore).toBe(false);
      for (const id of ['file-1', 'file-2']) await store.saveFile(aFile('lister', id));
      const files = await store.listFiles('lister', { limit: 5, oldestFirst: true });
      expect(files.items.map(({ id }) => id)).toEqual(['file-1', 'file-2']);
    });

    it('gives a chunk to one of two that take it together', async () => {
      const { store } = opened;
      const saved = await Promise.all(
        ['one', 'two'].map((holder) => store.saveChunk({ ...aChunk('batch_c', 0), holder }, at)),
      );
      expect(saved.filter((each) => each)).toHaveLength(1);
    });

    it('keeps chunks in the order of the file, with what was begun and what was made', async () => {
      const { store } = opened;
      for (const index of [11, 2]) await store.saveChunk(aChunk('batch_d', index), at);
      const held = heldOn(aChunk('batch_d', 2), { begun: [0, 3] }, at + 5);
      expect(await store.saveChunk(held, at)).toBe(true);
      const done = doneWith(held, { part: 'work/2', completed: 1, failed: 3, expired: 2, ...usage });
      expect(await store.saveChunk(done, at)).toBe(true);
      expect((await store.loadChunks('batch_d')).map(({ index }) => index)).toEqual([2, 11]);
      expect(await store.loadChunk('batch_d', 2)).toEqual(done);
      expect(await store.loadChunk('batch_d', 3)).toBeUndefined();
      const counted = (first: number, last: number) => store.countDone('batch_d', { first, last });
      expect(await Promise.all([counted(0, 99), counted(2, 2), counted(3, 99), counted(0, 1)])).toEqual([
        1, 1, 0, 0,
      ]);
      expect(await store.countDone('batch_none', { first: 0, last: 9 })).toBe(0);
    });

    it('knows who was first to ask, until it is forgotten or asked anew', async () => {
      const { store } = opened;
      const asked = { tenant: 'one', mark: 'm', id: 'first', at, keptMs: 1000, anew: false };
      expect(await store.firstOf(asked)).toBe('first');
      expect(await store.firstOf({ ...asked, id: 'second' })).toBe('first');
      expect(await store.firstOf({ ...asked, id: 'third', anew: true })).toBe('third');
      expect(await store.firstOf({ ...asked, id: 'fourth', at: at + 1000 })).toBe('fourth');
    });
  });
}
