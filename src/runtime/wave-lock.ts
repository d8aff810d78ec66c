/** One run of waves of a deployment at a time on this machine. Between machines CloudFormation lets one change a stack. */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    if (takes(file)) return { release: () => letGo(file) };
    const holder = holderOf(file);
    if (holder !== undefined && isAlive(holder))
      throw new Error(
        `process ${holder} is deploying ${deployment} in waves already: two at once would mix two versions. Wait for it, or end it (Ctrl-C); ${file} goes with it.`,
      );
    // Who was killed could not take its lock along.
    rmSync(file, { force: true });
  }
}

/** Whole at once: nobody sees a lock that does not say yet whose it is. */
function takes(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Not one that another process took over. */
function letGo(file: string): void {
  if (holderOf(file) === process.pid) rmSync(file, { force: true });
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
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
