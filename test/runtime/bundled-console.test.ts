import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledConsole } from '#runtime/bundled-console.ts';

const root = mkdtempSync(join(tmpdir(), 'spillway-task-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the console of a deployed gateway', () => {
  it('lies beside its code, and is not there where it is switched off', async () => {
    mkdirSync(join(root, 'console'));
    writeFileSync(join(root, 'console', 'index.html'), 'page');
    const environment = { LAMBDA_TASK_ROOT: root };
    const read = bundledConsole({ console: { enabled: true } }, environment);
    expect(await read?.()).toEqual(new Map([['index.html', 'page']]));
    expect(bundledConsole({ console: { enabled: false } }, environment)).toBeUndefined();
  });
});
