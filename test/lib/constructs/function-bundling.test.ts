import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import {
  bundledConfigFile,
  functionCode,
  functionNodeOptions,
  repositoryRoot,
  writeBundle,
} from '#lib/constructs/function-bundling.ts';

const folder = mkdtempSync(join(tmpdir(), "spillway it's "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles a program of one or more files as a function is bundled. */
function bundled(name: string, files: Readonly<Record<string, string>>): string {
  const home = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
  }
  return writeBundle(relative(repositoryRoot, join(home, 'entry.ts')), join(home, 'out'));
}

const said = (file: string) =>
  execFileSync(process.execPath, [...functionNodeOptions, file], { encoding: 'utf8', env: {} }).trim();

describe('writeBundle', () => {
  it('loads Node’s http without the web client behind it', () => {
    const source =
      "import { createServer } from 'node:http'; import * as all from 'node:http'; console.log(typeof createServer, 'WebSocket' in all, process.moduleLoadList.some((name) => name.includes('undici')));";
    const bundle = bundled('http', { 'entry.ts': source });
    expect([said(join(folder, 'http/entry.ts')), said(bundle)]).toEqual([
      'function true true',
      'function true false',
    ]);
  });

  it('leaves what is loaded later in a file of its own, which lies beside the first', () => {
    const bundle = bundled('parts', {
      'entry.ts': "console.log('first'); const { word } = await import('./later.ts'); console.log(word);",
      'later.ts': "export const word: string = 'second';",
    });
    expect(readFileSync(bundle, 'utf8')).not.toContain('second');
    expect(said(bundle)).toBe('first\nsecond');
  });

  it('names the lines and functions that people wrote in a stack, of each file', () => {
    const bundle = bundled('stack', {
      'entry.ts':
        "import { fail } from './written/fail.ts';\n\nfunction begin(): void {\n  fail('no');\n}\ntry {\n  begin();\n} catch (error) {\n  console.log((error as Error).stack);\n}\nconst { later } = await import('./written/later.ts');\nlater();\n",
      'written/fail.ts': 'export function fail(why: string): never {\n  throw new RangeError(why);\n}\n',
      'written/later.ts':
        "export function later(): void {\n  console.log(new Error('later').stack?.split('\\n')[1]);\n}\n",
    });
    const lines = said(bundle)
      .split('\n')
      .map((line) => line.replace(/\(.*stack\//, '('));
    expect(lines.slice(0, 3)).toEqual([
      'RangeError: no',
      '    at fail (written/fail.ts:2:9)',
      '    at begin (entry.ts:4:3)',
    ]);
    expect(lines.at(-1)).toBe('    at later (written/later.ts:2:15)');
  });

  it('reads no map before there is a stack, and does without one', () => {
    const bundle = bundled('maps', {
      'entry.ts':
        "import fs from 'node:fs';\nconst stack = () => new TypeError('why').stack?.split('\\n') ?? [];\nfs.renameSync(new URL('index.mjs.map', import.meta.url), new URL('away.map', import.meta.url));\nconst [head, at] = stack();\nconsole.log(head, at?.includes('index.mjs'));\n",
    });
    expect(said(bundle)).toBe('TypeError: why true');
  });
});

describe('functionCode', () => {
  it('is a bundle with the configuration beside it, whatever the folders are called', () => {
    const app = new App({ outdir: join(folder, 'assembly') });
    const stack = new Stack(app, 'Stack');
    new LambdaFunction(stack, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: functionCode(stack, 'plan', '{"name":"acme"}'),
    });
    const { directory } = app.synth();
    const asset = readdirSync(directory).find((name) => name.startsWith('asset.')) ?? '';
    const files = readdirSync(join(directory, asset));
    expect(files).toEqual(expect.arrayContaining(['index.mjs', 'index.mjs.map', bundledConfigFile]));
    expect(readFileSync(join(directory, asset, bundledConfigFile), 'utf8')).toBe('{"name":"acme"}');
    expect(readFileSync(join(directory, bundledConfigFile), 'utf8')).toBe('{"name":"acme"}');
  });
});
