/**
 * A calendar that can be moved, for this process and for those that load this module by `--import`: `Date` alone. What
 * counts time by itself (timers, sockets, `performance`) goes on as it was, as where a processor stood still.
 *
 * How far it was moved stands in a file. A process reads it when it starts, and with SIGUSR2.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const RealDate = Date;
let aheadMs = 0;

class MovedDate extends RealDate {
  constructor(...parameters: readonly unknown[]) {
    if (parameters.length === 0) super(RealDate.now() + aheadMs);
    else super(...(parameters as [number]));
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}

/** The variable that names the file, for processes that load this module. */
export const MOVED_CLOCK_FILE = 'MOVED_CLOCK_FILE';

export interface MovedClock {
  /** Whether the process has heard of the last move. */
  isHeardBy(pid: number | undefined): boolean;
  /** Further ahead by so much. */
  move(milliseconds: number): void;
  /** As it was. */
  restore(): void;
}

/** Moves this process's calendar, and that of every process that has the file. */
export function createMovedClock(file: string): MovedClock {
  writeFileSync(file, '0');
  globalThis.Date = MovedDate as DateConstructor;
  return {
    isHeardBy: (pid) => {
      const heard = readBy(file, pid);
      return existsSync(heard) && readFileSync(heard, 'utf8') === String(aheadMs);
    },
    move: (milliseconds) => {
      aheadMs += milliseconds;
      writeFileSync(file, String(aheadMs));
    },
    restore: () => {
      globalThis.Date = RealDate;
    },
  };
}

/** Where a process says that it has read a file: it stands beside it. */
const readBy = (file: string, pid: number | undefined): string => `${file}.${pid}`;

const file = process.env[MOVED_CLOCK_FILE];
if (file !== undefined) {
  const read = () => {
    aheadMs = Number(readFileSync(file, 'utf8'));
    writeFileSync(readBy(file, process.pid), String(aheadMs));
  };
  read();
  globalThis.Date = MovedDate as DateConstructor;
  process.on('SIGUSR2', read);
}
