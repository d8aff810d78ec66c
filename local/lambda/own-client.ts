import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const source = fileURLToPath(new URL('client/main.ts', import.meta.url));

let made: string | undefined;

/**
 * Our own client of the Runtime API as one file of JavaScript, made once: each environment that strips types by itself
 * starts later than one under AWS's client.
 */
export function ownClient(): string {
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'spillway-client-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'main.mjs');
  buildSync({
    ...{ entryPoints: [source], outfile, bundle: true, logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', target: 'node24' },
  });
  made = outfile;
  return made;
}
