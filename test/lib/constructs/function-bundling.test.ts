import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledConsoleFolder } from '#contract/console.ts';
import { bundledConfigFile, functionCode, writeBundle } from '#lib/constructs/function-bundling.ts';
import { openBundledPrograms } from '#test/builders/bundled-programs.ts';

const programs = openBundledPrograms();
afterAll(programs.close);

describe('writeBundle', () => {
  it('loads Node’s http without the web client behind it', () => {
    const source =
      "import { createServer } from 'node:http'; import * as all from 'node:http'; console.log(typeof createServer, 'WebSocket' in all, process.moduleLoadList.some((name) => name.includes('undici')));";
    const bundle = programs.bundle('http', { 'entry.ts': source });
    expect([programs.said(join(programs.folder, 'http/entry.ts')), programs.said(bundle)]).toEqual([
      'function true true',
      'function true false',
    ]);
  });

  it('leaves what is loaded later in a file of its own, which lies beside the first', () => {
    const bundle = programs.bundle('parts', {
      'entry.ts': "console.log('first'); const { word } = await import('./later.ts'); console.log(word);",
      'later.ts': "export const word: string = 'second';",
    });
    expect(readFileSync(bundle, 'utf8')).not.toContain('second');
    expect(programs.said(bundle)).toBe('first\nsecond');
  });

  it('is the same wherever it is written to, and names no folder of the machine', () => {
    const [one, other] = ['one', 'deep/er/other'].map((name) => {
      const folder = join(programs.folder, name);
      writeBundle('lambdas/plan/handler.ts', folder);
      return Object.fromEntries(
        readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
      );
    });
    expect(Object.keys(one ?? {})).toContain('index.mjs.map');
    expect(other).toEqual(one);
    const { sources } = JSON.parse(one?.['index.mjs.map'] ?? '{}');
    expect(sources).toContain('../lambdas/plan/handler.ts');
  });
});

describe('functionCode', () => {
  it('is a bundle with the configuration beside it, whatever the folders are called', () => {
    const app = new App({
      outdir: join(programs.folder, 'assembly'),
      builtinCloudFormationValidation: false,
    });
    const stack = new Stack(app, 'Stack');
    new LambdaFunction(stack, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: functionCode(stack, { folder: 'plan', configJson: '{"name":"acme"}', servesConsole: true }),
    });
    const { directory } = app.synth();
    const asset = readdirSync(directory).find((name) => name.startsWith('asset.')) ?? '';
    const files = readdirSync(join(directory, asset));
    expect(files).toEqual(expect.arrayContaining(['index.mjs', 'index.mjs.map', bundledConfigFile]));
    expect(readFileSync(join(directory, asset, bundledConfigFile), 'utf8')).toBe('{"name":"acme"}');
    expect(readFileSync(join(directory, bundledConfigFile), 'utf8')).toBe('{"name":"acme"}');
    const page = readFileSync(join(directory, asset, bundledConsoleFolder, 'index.html'), 'utf8');
    const [, script = ''] = /src="console\/([^"]+)"/.exec(page) ?? [];
    expect(readdirSync(join(directory, asset, bundledConsoleFolder))).toContain(script);
  });
});
