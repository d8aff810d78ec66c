import { expect, it } from 'vitest';
import {
  batchOfItem,
  chunkItem,
  chunkOfItem,
  fileOfItem,
  itemOfBatch,
  itemOfFile,
} from '#adapters/aws/batch-items.ts';
import { newBatch } from '#core/batch/batch.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';

const file: StoredFile = {
  tenant: 'demo',
  id: 'file-1',
  revision: 1,
  purpose: 'batch',
  filename: 'in.jsonl',
  bytes: 1,
  createdAt: 1,
  expiresAt: 2_000,
  residency: 'eu',
  key: 'files/demo/file-1',
  readers: [],
};

it('keeps a record’s own time apart from the table’s, which is in seconds', () => {
  const item = itemOfFile(file);
  expect(item).not.toHaveProperty('expiresAt');
  expect(fileOfItem({ ...item, owner: 'tenant#demo', item: 'file#file-1', expiresAt: 99 })).toEqual(file);
  const batch = newBatch(
    {
      tenant: 'demo',
      id: 'batch_1',
      endpoint: '/v1/embeddings',
      inputFile: 'file-1',
      inputKey: file.key,
      residency: 'eu',
      scopes: { residencies: ['eu'], models: ['*'] },
      metadata: { a: 'b' },
    },
    1,
  );
  expect(batchOfItem({ ...itemOfBatch(batch), expiresAt: 99 })).toEqual(batch);
});

it('refuses what is no such item', () => {
  expect(() => fileOfItem({ ...itemOfFile(file), bytes: -1 })).toThrow();
  expect(() => batchOfItem({})).toThrow();
  expect(() => chunkOfItem({ batch: 'batch_1' })).toThrow();
});

it('sorts chunks as the file does', () => {
  expect([10, 9].map(chunkItem).sort()).toEqual([chunkItem(9), chunkItem(10)]);
});

it('writes back what a newer version added to a record, and not the words of the table', () => {
  const stored = {
    ...itemOfFile(file),
    owner: 'tenant#demo',
    item: 'file#file-1',
    expiresAt: 99,
    scanned: true,
  };
  const written = itemOfFile({ ...fileOfItem(stored), readers: ['batch_1'] });
  expect(written).toEqual({ ...itemOfFile(file), readers: ['batch_1'], scanned: true });
});
