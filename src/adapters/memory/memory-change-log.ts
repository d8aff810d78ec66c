/** What moved, in memory: for tests and the simulator. */
import type { ObservationChange } from '#core/discovery/compare-observations.ts';
import type { ChangeLog } from '#usecases/ports/change-log.ts';

export function createMemoryChangeLog(): ChangeLog {
  const entries = new Map<string, ObservationChange[]>();
  return {
    append: async ({ account, region }, changes) => {
      const key = `${account}#${region}`;
      entries.set(key, [...[...changes].reverse(), ...(entries.get(key) ?? [])]);
    },
    load: async ({ account, region }, limit) => (entries.get(`${account}#${region}`) ?? []).slice(0, limit),
  };
}
