/** Files, batches and chunks in memory: for tests, and for a simulated region. */
import type { Batch } from '#core/batch/batch.ts';
import type { Chunk } from '#core/batch/chunk.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import type { StoredUpload } from '#core/batch/stored-upload.ts';
import type { BatchStore, Page, PageRequest } from '#usecases/ports/batch-store.ts';

export function createMemoryBatchStore(): BatchStore {
  const files = new Records<StoredFile>();
  const uploads = new Records<StoredUpload>();
  const batches = new Records<Batch>();
  const chunks = new Records<Chunk>();
  const marks = new Map<string, { readonly id: string; readonly until: number }>();
  return {
    loadFile: async (tenant, id) => files.get(`${tenant} ${id}`),
    listFiles: async (tenant, page) => pageOf(files.startingWith(`${tenant} `), page),
    saveFile: async (file) => files.save(`${file.tenant} ${file.id}`, file),
    async removeFile(file) {
      const key = `${file.tenant} ${file.id}`;
      return files.get(key)?.revision === file.revision && files.delete(key);
    },
    loadUpload: async (tenant, id) => uploads.get(`${tenant} ${id}`),
    saveUpload: async (upload) => uploads.save(`${upload.tenant} ${upload.id}`, upload),
    loadBatch: async (tenant, id) => batches.get(`${tenant} ${id}`),
    listBatches: async (tenant, page) => pageOf(batches.startingWith(`${tenant} `), page),
    saveBatch: async (batch) => batches.save(`${batch.tenant} ${batch.id}`, batch),
    loadChunk: async (batch, index) => chunks.get(`${batch} ${index}`),
    loadChunks: async (batch) =>
      [...chunks.startingWith(`${batch} `)].sort((left, right) => left.index - right.index),
    countDone: async (batch, { first, last }) =>
      chunks
        .startingWith(`${batch} `)
        .filter(({ index, part }) => part !== undefined && index >= first && index <= last).length,
    saveChunk: async (chunk) => chunks.save(`${chunk.batch} ${chunk.index}`, chunk),
    async firstOf({ tenant, mark, id, at, keptMs, anew }) {
      const standing = marks.get(`${tenant} ${mark}`);
      if (!anew && standing !== undefined && standing.until > at) return standing.id;
      marks.set(`${tenant} ${mark}`, { id, until: at + keptMs });
      return id;
    },
  };
}

class Records<Kept extends { readonly revision: number }> extends Map<string, Kept> {
  save(key: string, record: Kept): boolean {
    if ((this.get(key)?.revision ?? 0) !== record.revision - 1) return false;
    this.set(key, structuredClone(record));
    return true;
  }

  startingWith(prefix: string): readonly Kept[] {
    return [...this].flatMap(([key, record]) => (key.startsWith(prefix) ? [record] : []));
  }
}

function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  { after, limit, oldestFirst = false }: PageRequest,
): Page<Item> {
  const direction = oldestFirst ? 1 : -1;
  const sorted = [...items].sort((left, right) => (left.id < right.id ? -direction : direction));
  const isAfter = ({ id }: Item): boolean => after === undefined || (oldestFirst ? id > after : id < after);
  const rest = sorted.filter(isAfter);
  return { items: rest.slice(0, limit), hasMore: rest.length > limit };
}
