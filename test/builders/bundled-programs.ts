/** Small programs, bundled as functions are bundled, in a folder whose name has a blank and a quote. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { functionNodeOptions, repositoryRoot, writeBundle } from '#lib/constructs/function-bundling.ts';

export function openBundledPrograms() {
  const folder = mkdtempSync(join(tmpdir(), "spillway it's "));
  return {
    folder,
    /** @param files by path; the program begins with `entry.ts` @returns the bundle's first file */
    bundle(name: string, files: Readonly<Record<string, string>>): string {
      const home = join(folder, name);
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(home, file)), { recursive: true });
        writeFileSync(join(home, file), text);
      }
      return writeBundle(relative(repositoryRoot, join(home, 'entry.ts')), join(home, 'out'));
    },
    /** What a program prints. */
    said: (file: string) =>
      execFileSync(process.execPath, [...functionNodeOptions, file], { encoding: 'utf8', env: {} }).trim(),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
