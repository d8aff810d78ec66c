/** What moved, in memory: for tests and the simulator. */
import type { ObservationChange } from '#core/discovery/observation.ts';
import type { ChangeLog } from '#usecases/ports/change-log.ts';

export function createMemoryChangeLog(): ChangeLog {
  const places = new Map<string, Map<string, ObservationChange>>();
  return {
    append: async ({ account, region }, changes) => {
      const key = `${account}#${region}`;
      const entries = places.get(key) ?? new Map();
      for (const change of changes) entries.set(`${change.at}#${change.target}`, change);
      places.set(key, entries);
    },
    load: async ({ account, region }, { since, limit }) => {
      const all = [...(places.get(`${account}#${region}`)?.values() ?? [])]
        .filter(({ at }) => at >= since)
        .sort((one, other) => other.at - one.at || (one.target < other.target ? 1 : -1));
      return { changes: all.slice(0, limit), unreadable: [], badItems: 0, whole: all.length <= limit };
    },
  };
}
