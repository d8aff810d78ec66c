/** Writes that no answer waits for, but that must be over before a process may be frozen. */
import type { Clock } from '../ports/clock.ts';
import { bounded } from './bounded.ts';

/** What hangs for longer is given up: leases end by themselves. */
const SETTLED_MS_MAX = 1_000;

export interface WriteBehind {
  /** Work that may fail unheard. */
  add(work: Promise<unknown>): void;
  /**
   * Resolves when all of it is over, or after a second. Undefined where nothing is under way. Never rejects.
   *
   * @param msMax less than the second
   */
  settled(msMax?: number): Promise<void> | undefined;
}

export function createWriteBehind(clock: Clock): WriteBehind {
  const underWay = new Set<Promise<unknown>>();
  return {
    add: (work) => {
      const over = (): void => void underWay.delete(work);
      underWay.add(work);
      work.then(over, over);
    },
    settled: (msMax = SETTLED_MS_MAX) => {
      if (underWay.size === 0) return undefined;
      return bounded(clock, Math.min(msMax, SETTLED_MS_MAX), allOver(underWay)).then(ended, ended);
    },
  };
}

/** What is under way may lead to more. */
async function allOver(underWay: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

const ended = (): void => undefined;
