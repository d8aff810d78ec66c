/** The last good keys in a file, so that a restarted process knows its callers when the table is away. Hashes only. */
import { keyItemSchema } from '#contract/key-item.ts';
import type { LastGoodKeySnapshot, LastGoodKeys } from '#usecases/ports/last-good-keys.ts';
import { readOwnFile, replaceOwnFile } from './own-file.ts';

/** A hundred thousand keys of some hundred bytes: beyond it the file is not ours. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** The table's own shape, but for the number that tells readers of the table apart. */
const recordSchema = keyItemSchema.omit({ schema: true });

export function createFileLastGoodKeys(options: {
  /** Absolute. Its folder is made when it is missing. */
  readonly path: string;
}): LastGoodKeys {
  const { path } = options;
  return {
    async load() {
      const text = await readOwnFile(path, FILE_BYTES_MAX);
      return text === undefined ? undefined : parseSnapshot(text);
    },
    save: (snapshot) => replaceOwnFile(path, JSON.stringify(snapshot)),
  };
}

function parseSnapshot(text: string): LastGoodKeySnapshot | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { savedAt, keys } = (kept ?? {}) as { savedAt?: unknown; keys?: unknown };
  if (typeof savedAt !== 'number' || !Number.isSafeInteger(savedAt) || !Array.isArray(keys)) return undefined;
  const good = keys.flatMap((key) => {
    const parsed = recordSchema.safeParse(key);
    return parsed.success ? [parsed.data] : [];
  });
  return { savedAt, keys: good };
}
