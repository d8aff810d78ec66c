import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-chromium-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of programs, each a shell script. */
function programs(name: string, files: Readonly<Record<string, string>>): string {
  const place = join(folder, name);
  mkdirSync(place);
  for (const [file, script] of Object.entries(files)) {
    writeFileSync(join(place, file), `#!/bin/sh\n${script}\n`);
    chmodSync(join(place, file), 0o755);
  }
  return place;
}

function found(path: readonly string[], chrome?: string) {
  const env = { PATH: path.join(delimiter), ...(chrome === undefined ? {} : { CHROME_PATH: chrome }) };
  const { status, stdout } = spawnSync(process.execPath, ['bin/chromium.mjs'], { env, encoding: 'utf8' });
  return { status, told: stdout.trim() };
}

it('takes the browser that is named, and none in its place', () => {
  const place = programs('named', { mine: 'exit 0', chromium: 'exit 0' });
  expect(found([place], join(place, 'mine'))).toEqual({ status: 0, told: join(place, 'mine') });
  const absent = join(place, 'absent');
  expect(found([place], absent)).toEqual({
    status: 1,
    told: `CHROME_PATH is ${absent}, which cannot be run`,
  });
});

it('goes by the order of names, then of PATH, and past files that only say what to install', () => {
  const hollow = programs('hollow', { chromium: 'echo install it; exit 1' });
  const late = programs('late', { 'google-chrome': 'exit 0' });
  const early = programs('early', { 'google-chrome': 'exit 0', 'chromium-browser': 'exit 0' });
  expect(found([hollow, late, early]).told).toBe(join(early, 'chromium-browser'));
  expect(found([hollow, late]).told).toBe(join(late, 'google-chrome'));
});

it('says why there is none, and fails with it', () => {
  const { status, told } = found([programs('empty', {})]);
  expect(status).toBe(1);
  expect(told).toMatch(/^no Chromium on this machine \(CHROME_PATH names one\), and (only root|no apt-get)/);
});
