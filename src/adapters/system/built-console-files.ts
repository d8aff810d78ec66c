/** The web console's files from wherever they were built, each read, hashed and compressed once. */
import { extname } from 'node:path';
import { promisify } from 'node:util';
import type { ConsoleFile, ConsoleFiles } from '#usecases/ports/console-files.ts';
import { cryptoDigest } from './crypto-digest.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** @param read answers the texts by name; called when the first file is asked for */
export function createConsoleFiles(read: () => Promise<ReadonlyMap<string, string>>): ConsoleFiles {
  let loading: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;
  return {
    load() {
      loading ??= prepared(read).catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
  };
}

async function prepared(
  read: () => Promise<ReadonlyMap<string, string>>,
): Promise<ReadonlyMap<string, ConsoleFile>> {
  // Processes that nobody looks at never load it.
  const compress = promisify((await import('node:zlib')).gzip);
  const files = [...(await read())].map(async ([name, text]) => {
    const file: ConsoleFile = {
      contentType: contentTypes[extname(name)] ?? 'application/octet-stream',
      text,
      gzipped: await compress(text),
      hash: cryptoDigest.sha256Hex(text),
    };
    return [name, file] as const;
  });
  return new Map(await Promise.all(files));
}
