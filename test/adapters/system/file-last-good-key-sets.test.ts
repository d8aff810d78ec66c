import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createFileLastGoodKeySets } from '#adapters/system/file-last-good-key-sets.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the last good key sets in a file are there for the next process, and none where it holds something else', async () => {
  const path = join(folder, 'kept', 'issuers.json');
  const open = () => createFileLastGoodKeySets({ path });
  expect(await open().load()).toBeUndefined();
  const keySets = new Map([['https://login.example.com/keys', { keys: [{ kty: 'EC', kid: '1' }] }]]);
  await open().save(keySets);
  expect(await open().load()).toEqual(keySets);
  for (const text of ['{', '[]', '{"https://a":{"keys":7}}']) {
    writeFileSync(path, text);
    expect(await open().load()).toBeUndefined();
  }
});
