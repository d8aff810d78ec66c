import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledConfigFile, functionBundling, repositoryRoot } from '#lib/constructs/function-bundling.ts';

const folder = mkdtempSync(join(tmpdir(), "spillway it's "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('functionBundling', () => {
  const bundling = functionBundling(new Stack(new App({ outdir: folder }), 'Stack'), '{"name":"acme"}');

  it('makes an ES module for the runtime’s Node, SDK included', () => {
    expect(bundling).toMatchObject({
      format: 'esm',
      target: 'node24',
      mainFields: ['module', 'main'],
      bundleAwsSDK: true,
      minify: true,
      sourceMap: true,
    });
  });

  it('loads Node’s http without the web client behind it', () => {
    const source = join(folder, 'caller.mjs');
    writeFileSync(
      source,
      "import { createServer } from 'node:http'; import * as all from 'node:http'; console.log(typeof createServer, 'WebSocket' in all, process.moduleLoadList.some((name) => name.includes('undici')));",
    );
    const bundle = join(folder, 'bundle.mjs');
    const options = Object.entries(bundling.esbuildArgs ?? {}).map(([name, value]) => `${name}=${value}`);
    execFileSync(
      join(repositoryRoot, 'node_modules/.bin/esbuild'),
      [
        source,
        '--bundle',
        '--platform=node',
        '--format=esm',
        ...options,
        `--outfile=${bundle}`,
        '--log-level=error',
      ],
      { cwd: folder },
    );
    const said = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim();
    expect([said(source), said(bundle)]).toEqual(['function true true', 'function true false']);
  });

  it('copies the configuration beside the handler, whatever the folders are called', () => {
    const target = mkdtempSync(join(folder, "bundle's "));
    for (const command of bundling.commandHooks?.afterBundling(folder, target) ?? [])
      execFileSync('sh', ['-c', command]);
    expect(readFileSync(join(target, bundledConfigFile), 'utf8')).toBe('{"name":"acme"}');
  });
});
