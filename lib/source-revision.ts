import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { revisedFolders, revisionOf } from '#core/audit/source-revision.ts';

/** The revision of the sources that functions are bundled from, as the code itself tells it where it is not bundled. */
export function sourceRevision(root: string): string {
  const files = revisedFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map(
        (name) =>
          [
            `${folder}/${name.replaceAll('\\', '/')}`,
            readFileSync(join(root, folder, name), 'utf8'),
          ] as const,
      ),
  );
  return revisionOf(new Map(files), (text) => hash('sha256', text, 'hex'));
}
