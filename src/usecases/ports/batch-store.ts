/**
 * What is known of files, batches and their chunks, in one gateway region.
 *
 * Every record counts its changes. A save is written only where the store has the revision before it, so that of two
 * changes made from one reading one is lost and told so. A save whose answer is lost may have been written: read again.
 */
import type { Batch } from '#core/batch/batch.ts';
import type { Chunk } from '#core/batch/chunk.ts';
import type { StoredFile } from '#core/batch/stored-file.ts';
import type { StoredUpload } from '#core/batch/stored-upload.ts';

export interface PageRequest {
  /** The id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** By the time that their ids hold. @default newest first */
  readonly oldestFirst?: boolean;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

export interface BatchStore {
  loadFile(tenant: string, id: string): Promise<StoredFile | undefined>;
  listFiles(tenant: string, page: PageRequest): Promise<Page<StoredFile>>;
  /** False where somebody else wrote first, or a new one stands already. */
  saveFile(file: StoredFile): Promise<boolean>;
  /** False where it changed since it was read. */
  removeFile(file: StoredFile): Promise<boolean>;

  loadUpload(tenant: string, id: string): Promise<StoredUpload | undefined>;
  saveUpload(upload: StoredUpload): Promise<boolean>;

  loadBatch(tenant: string, id: string): Promise<Batch | undefined>;
  listBatches(tenant: string, page: PageRequest): Promise<Page<Batch>>;
  saveBatch(batch: Batch): Promise<boolean>;

  loadChunk(batch: string, index: number): Promise<Chunk | undefined>;
  /** Those that somebody has had, in their order. */
  loadChunks(batch: string): Promise<readonly Chunk[]>;
  /** How many of these, both ends included, have all their results. */
  countDone(batch: string, chunks: { readonly first: number; readonly last: number }): Promise<number>;
  /** @param forgetAt epoch milliseconds after which the store may forget it */
  saveChunk(chunk: Chunk, forgetAt: number): Promise<boolean>;

  /**
   * The id that the first to ask under this mark gave, for as long as it is kept: what makes a request that is sent
   * again the same one.
   */
  firstOf(mark: RequestMark): Promise<string>;
}

export interface RequestMark {
  readonly tenant: string;
  readonly mark: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly keptMs: number;
  /** Whoever asked before is forgotten: this one is the first. */
  readonly anew: boolean;
}
