/**
 * What is too long for a table, by key: in the gateway's own region and account, encrypted, and forgotten by the store
 * itself after the configured days. Whoever reads or lists after a write has ended sees it.
 */
export interface ObjectStore {
  /** Whole or not at all; what stood there before is replaced. @throws HouseError */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** For what is written as it comes. Nothing stands there before `finish`. */
  openWriter(key: string): ObjectWriter;
  /** Undefined where nothing stands. Reading goes no faster than the reader. @throws HouseError, also while it is read */
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Keys that begin so, in the order of their text. @throws HouseError */
  list(prefix: string): Promise<readonly string[]>;
  /** What is not there is no error. @throws HouseError: some may be gone */
  remove(keys: readonly string[]): Promise<void>;
}

export interface ByteRange {
  readonly offset: number;
  /** 1 or more. */
  readonly bytes: number;
}

export interface ObjectWriter {
  /** Resolves when there is room for more. @throws HouseError: call `abandon` then */
  write(bytes: Uint8Array): Promise<void>;
  /** The object stands from then on. @throws HouseError: call `abandon` then */
  finish(): Promise<void>;
  /** Nothing comes of it. Never rejects: what is left the store forgets by itself. */
  abandon(): Promise<void>;
}
