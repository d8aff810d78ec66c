/** The revision of the code that runs: written into a bundle when it is made, else that of the sources beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { revisedFolders, revisionOf } from '#core/audit/source-revision.ts';

/** A bundle has its own in this place. */
declare const SPILLWAY_REVISION: string | undefined;

export function codeRevision(): string {
  return typeof SPILLWAY_REVISION === 'string' ? SPILLWAY_REVISION : revisionOfSources();
}

function revisionOfSources(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = new Map<string, string>();
  for (const folder of revisedFolders)
    for (const name of readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.ts'))
        files.set(
          `${folder}/${name.replaceAll('\\', '/')}`,
          readFileSync(`${root}${folder}/${name}`, 'utf8'),
        );
  return revisionOf(files, cryptoDigest.sha256Hex);
}
