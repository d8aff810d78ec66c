import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOwnFile, replaceOwnFile } from '#adapters/system/own-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file of our own', () => {
  it('is replaced whole, by whoever comes last, and leaves no draft behind', async () => {
    const path = join(folder, 'kept', 'file');
    await Promise.all(['one', 'two', 'three'].map((text) => replaceOwnFile(path, text)));
    expect(['one', 'two', 'three']).toContain(await readOwnFile(path, 100));
    expect(readdirSync(join(folder, 'kept'))).toEqual(['file']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'kept')).mode & 0o777).toBe(0o700);
  });

  it('is not read where it is missing, a folder or larger than it may be', async () => {
    await replaceOwnFile(join(folder, 'file'), 'four');
    expect(await readOwnFile(join(folder, 'none'), 100)).toBeUndefined();
    expect(await readOwnFile(folder, 100_000)).toBeUndefined();
    expect(await readOwnFile(join(folder, 'file'), 3)).toBeUndefined();
    expect(await readOwnFile(join(folder, 'file'), 4)).toBe('four');
  });

  it('is not written through a link, and a write that fails is told', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'precious');
    symlinkSync(elsewhere, join(folder, 'link'));
    await replaceOwnFile(join(folder, 'link'), 'new');
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
    await expect(replaceOwnFile(join(elsewhere, 'file'), 'new')).rejects.toThrow();
  });
});
