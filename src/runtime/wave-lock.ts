/** One run of waves of a deployment at a time on this machine. Between machines CloudFormation lets one change a stack. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WaveLock {
  release(): void;
}

/**
 * @param folder where the lock lies
 * @throws an Error that names the process which holds it
 */
export function lockWaves(deployment: string, folder = tmpdir()): WaveLock {
  const file = join(folder, `spillway-waves-${deployment}.lock`);
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (isAlive(holder))
        throw new Error(
          `process ${holder} is deploying ${deployment} in waves already: two at once would mix two versions. Wait for it, or end it (Ctrl-C); ${file} goes with it.`,
        );
      // Who was killed could not take its lock along.
      rmSync(file, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
