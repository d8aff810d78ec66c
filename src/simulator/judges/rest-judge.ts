import type { Judge } from './judge.ts';

/**
 * Everything that began ends: long after the last request came none is open.
 *
 * @param open requests that have come and not ended
 */
export function restJudge(open: () => number): Judge {
  return {
    name: 'rest',
    phase: 'liveness',
    atRest: (report) => {
      const left = open();
      if (left > 0) report(`${left} requests never ended`);
    },
  };
}
