import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTextFolder } from '#adapters/system/text-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-text-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder of texts', () => {
  it('is read whole, and fails where it is not there', async () => {
    writeFileSync(join(folder, 'a.html'), 'ä');
    writeFileSync(join(folder, 'b.js'), 'run()');
    expect(await readTextFolder(folder)).toEqual(
      new Map([
        ['a.html', 'ä'],
        ['b.js', 'run()'],
      ]),
    );
    await expect(readTextFolder(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});
