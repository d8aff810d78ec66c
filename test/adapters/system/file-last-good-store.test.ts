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
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createFileLastGoodStore } from '#adapters/system/file-last-good-store.ts';
import { sealedRoute } from '#test/builders/route.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const open = (path = join(folder, 'kept', 'routes.json')) =>
  createFileLastGoodStore({ path, digest: cryptoDigest });
const lastGood = {
  savedAt: 1_790_000_000_000,
  routes: [sealedRoute(), sealedRoute({ residency: 'eu', version: 7 })],
};

describe('the last good routes in a file', () => {
  it('are there for the next process', async () => {
    await open().save(lastGood);
    expect(await open().load()).toEqual({ ...lastGood, disabled: [] });
  });

  it('hold what operators had switched off, but for words that cannot be read', async () => {
    const until = '2026-11-21T08:00:00.000Z';
    const word = { target: 'a', by: 'ada', reason: 'slow', until, region: 'eu-west-1' };
    await open().save({ ...lastGood, disabled: [word, { ...word, until: 'soon' }] });
    expect((await open().load())?.disabled).toEqual([word]);
  });

  it('are replaced whole, and leave no draft behind', async () => {
    const store = open();
    await Promise.all([store.save(lastGood), store.save({ ...lastGood, routes: [] }), store.save(lastGood)]);
    expect((await open().load())?.routes.length).toBeTypeOf('number');
    expect(readdirSync(join(folder, 'kept'))).toEqual(['routes.json']);
  });

  it('can be read by their owner alone', async () => {
    await open().save(lastGood);
    expect(statSync(join(folder, 'kept', 'routes.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'kept')).mode & 0o777).toBe(0o700);
  });

  it('are none where no file is', async () => {
    expect(await open().load()).toBeUndefined();
  });

  it.each(['', '{', '7', 'null', '{"savedAt":"x","routes":[]}', '{"savedAt":1}'])(
    'are none where the file holds %j',
    async (text) => {
      writeFileSync(join(folder, 'routes.json'), text);
      expect(await open(join(folder, 'routes.json')).load()).toBeUndefined();
    },
  );

  it('lack each route that was changed or has another shape, and keep the others', async () => {
    await open().save(lastGood);
    const path = join(folder, 'kept', 'routes.json');
    const kept = JSON.parse(readFileSync(path, 'utf8'));
    kept.routes[0].targets[0].reach = ['eu-central-1'];
    kept.routes.push({ model: 'x' }, null, { ...kept.routes[1], schema: 2 });
    writeFileSync(path, JSON.stringify(kept));
    expect((await open().load())?.routes).toEqual([lastGood.routes[1]]);
  });

  it('are not written through a link', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'precious');
    const path = join(folder, 'routes.json');
    symlinkSync(elsewhere, path);
    await open(path).save(lastGood);
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
    expect(await open(path).load()).toEqual({ ...lastGood, disabled: [] });
  });

  it('tell that they could not be saved', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(open(join(folder, 'file', 'routes.json')).save(lastGood)).rejects.toThrow();
  });
});
