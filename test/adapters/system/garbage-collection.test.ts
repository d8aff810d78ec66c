import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const module = fileURLToPath(new URL('../../../src/adapters/system/garbage-collection.ts', import.meta.url));

/** V8 says so on standard output or error where it does not know an option, and goes on. */
function said(program: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
  return `${stdout}${stderr}`;
}

describe('collectGarbageForGateway', () => {
  it('names options that this V8 knows', () => {
    expect(said("import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-such')")).toContain(
      'no-such',
    );
    expect(said(`import { collectGarbageForGateway } from '${module}'; collectGarbageForGateway()`)).toBe('');
  });
});
