/** The last good key sets in a file, so that a restarted process can judge tokens when their issuer is away. */
import * as z from 'zod';
import { keySetSchema } from '#contract/key-set.ts';
import type { LastGoodKeySets } from '#usecases/ports/key-set-source.ts';
import { readOwnFile, replaceOwnFile } from './own-file.ts';

const FILE_BYTES_MAX = 16 * 1024 * 1024;

const fileSchema = z.record(z.string(), keySetSchema);

export function createFileLastGoodKeySets(options: {
  /** Absolute. Its folder is made when it is missing. */
  readonly path: string;
}): LastGoodKeySets {
  const { path } = options;
  return {
    async load() {
      const text = await readOwnFile(path, FILE_BYTES_MAX);
      if (text === undefined) return undefined;
      try {
        return new Map(Object.entries(fileSchema.parse(JSON.parse(text))));
      } catch {
        return undefined;
      }
    },
    save: (keySets) => replaceOwnFile(path, JSON.stringify(Object.fromEntries(keySets))),
  };
}
