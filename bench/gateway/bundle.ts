/** Bundles as the functions are bundled, by the very options of the infrastructure. */
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeBundle } from '#lib/constructs/function-bundling.ts';

/** A folder of this run; the caller removes it. */
export function openBundleFolder(): string {
  return mkdtempSync(join(tmpdir(), 'spillway-bench-'));
}

/**
 * @param entry from the repository's root
 * @param folder gets a folder for this bundle
 * @param readable for profiles: names stay
 * @returns the path of the bundle's first file
 */
export function bundle(entry: string, folder: string, readable = false): string {
  return writeBundle(entry, join(folder, entry.replaceAll('/', '-').replace(/\.ts$/, '')), { readable });
}

/** All code of a bundle, what is loaded later included; without source maps. */
export function bundleBytes(firstFile: string): number {
  const folder = dirname(firstFile);
  const code = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  return code.reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);
}
