import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockWaves } from '#runtime/wave-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** More than any system gives to a process. */
const NOBODY = 2 ** 30;

describe('lockWaves', () => {
  it('refuses a second run of the same deployment, names the first, and lets others run', () => {
    const lock = lockWaves('acme', folder);
    expect(() => lockWaves('acme', folder)).toThrow(
      `process ${process.pid} is deploying acme in waves already`,
    );
    lockWaves('beta', folder).release();
    lock.release();
    lockWaves('acme', folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over from a process that was killed', () => {
    for (const left of [String(NOBODY), '']) {
      writeFileSync(join(folder, 'spillway-waves-acme.lock'), left);
      lockWaves('acme', folder).release();
    }
  });

  it('leaves a lock that another process took over', () => {
    const lock = lockWaves('acme', folder);
    const file = join(folder, 'spillway-waves-acme.lock');
    writeFileSync(file, String(NOBODY));
    lock.release();
    expect(readFileSync(file, 'utf8')).toBe(String(NOBODY));
    rmSync(file);
  });
});
