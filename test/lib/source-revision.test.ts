import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { revisedFolders } from '#core/audit/source-revision.ts';
import { sourceRevision } from '#lib/source-revision.ts';

it('is the same for the same sources in any folder, and another for others', () => {
  const revisions = ['one', 'one', 'two'].map((text) => {
    const root = mkdtempSync(join(tmpdir(), 'spillway-revision-'));
    for (const folder of revisedFolders) mkdirSync(join(root, folder, 'deep'), { recursive: true });
    writeFileSync(join(root, 'src/core/deep/a.ts'), text);
    writeFileSync(join(root, 'src/core/deep/notes.md'), root);
    const revision = sourceRevision(root);
    rmSync(root, { recursive: true });
    return revision;
  });
  expect(revisions[1]).toBe(revisions[0]);
  expect(revisions[2]).not.toBe(revisions[0]);
});
