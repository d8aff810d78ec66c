/** What code decided: a name that changes with every source file that a deployed function may hold. */
import type { Sha256Hex } from './chain.ts';

/** From the repository's root. The command line and local mode are in no function. */
export const revisedFolders = [
  'lambdas',
  'src/adapters',
  'src/contract',
  'src/core',
  'src/runtime',
  'src/server',
  'src/usecases',
] as const;

const REVISION_LENGTH = 16;

/** @param files texts by path from the repository's root, with `/` on every machine */
export function revisionOf(files: ReadonlyMap<string, string>, sha256Hex: Sha256Hex): string {
  const lines = [...files].map(([path, text]) => `${path} ${sha256Hex(text)}\n`).sort();
  return sha256Hex(lines.join('')).slice(0, REVISION_LENGTH);
}
