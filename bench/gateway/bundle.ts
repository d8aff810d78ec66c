/** Bundles as the functions are bundled, by the very options of the infrastructure. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { bundledInstead, functionBundling, repositoryRoot } from '#lib/constructs/function-bundling.ts';

/** A folder of this run; the caller removes it. */
export function openBundleFolder(): string {
  return mkdtempSync(join(tmpdir(), 'spillway-bench-'));
}

/** @param entry from the repository's root @param readable for profiles: names stay @returns the bundle's path */
export async function bundle(entry: string, folder: string, readable = false): Promise<string> {
  const options = functionBundling(new Stack(new App({ outdir: folder }), 'Bundle'), '{}');
  const outfile = join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
  await build({
    entryPoints: [join(repositoryRoot, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: options.target ?? 'node24',
    mainFields: [...(options.mainFields ?? [])],
    alias: { ...bundledInstead },
    banner: { js: options.banner ?? '' },
    minify: options.minify === true && !readable,
    sourcemap: options.sourceMap === true ? 'linked' : false,
    sourcesContent: options.sourcesContent === true,
    logLevel: 'error',
  });
  return outfile;
}
