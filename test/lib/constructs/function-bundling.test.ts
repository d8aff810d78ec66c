import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledConfigFile, functionBundling } from '#lib/constructs/function-bundling.ts';

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

  it('copies the configuration beside the handler, whatever the folders are called', () => {
    const target = mkdtempSync(join(folder, "bundle's "));
    for (const command of bundling.commandHooks?.afterBundling(folder, target) ?? [])
      execFileSync('sh', ['-c', command]);
    expect(readFileSync(join(target, bundledConfigFile), 'utf8')).toBe('{"name":"acme"}');
  });
});
