import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileLastGoodKeys } from '#adapters/system/file-last-good-keys.ts';
import { aKey } from '#test/builders/a-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => createFileLastGoodKeys({ path: join(folder, 'kept', 'keys.json') });
const snapshot = {
  savedAt: 1_790_000_000_000,
  keys: [aKey(), aKey({ number: 1, slot: 2, expiresAt: '2027-01-01T00:00:00.000Z', models: ['*'] })],
};

describe('the last good keys in a file', () => {
  it('are there for the next process, and for their owner alone', async () => {
    expect(await open().load()).toBeUndefined();
    await open().save(snapshot);
    expect(await open().load()).toEqual(snapshot);
    expect(statSync(join(folder, 'kept', 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', 'null', '{"savedAt":"x","keys":[]}', '{"savedAt":1}'])(
    'are none where the file holds %j',
    async (text) => {
      await open().save(snapshot);
      writeFileSync(join(folder, 'kept', 'keys.json'), text);
      expect(await open().load()).toBeUndefined();
    },
  );

  it('lack each key of another shape, and keep the others', async () => {
    const [good] = snapshot.keys;
    const keys = [{ ...aKey(), residencies: [] }, null, { keyId: 'x' }, good];
    await open().save(snapshot);
    writeFileSync(join(folder, 'kept', 'keys.json'), JSON.stringify({ ...snapshot, keys }));
    expect((await open().load())?.keys).toEqual([good]);
  });
});
