/** Observations in memory: for tests and the simulator. Same rules as the table: the later run wins. */
import type { RegionObservations } from '#core/discovery/observation.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';

export function createMemoryObservationStore(): ObservationStore {
  const reports = new Map<string, RegionObservations>();
  const keyOf = (account: string, region: string): string => `${account}#${region}`;
  return {
    load: async (account, region) => reports.get(keyOf(account, region)),
    loadAll: async () => ({ regions: [...reports.values()], badItems: 0 }),
    save: async (observations) => {
      const key = keyOf(observations.account, observations.region);
      const standing = reports.get(key);
      if (standing !== undefined && standing.at > observations.at) return false;
      reports.set(key, observations);
      return true;
    },
    saveHeartbeat: async ({ account, region, at, failures, completeAt }) => {
      const key = keyOf(account, region);
      const standing = reports.get(key);
      if (standing === undefined || standing.at > at) return;
      const targets = standing.targets.map((each) => (each.stale ? each : { ...each, observedAt: at }));
      reports.set(key, {
        ...standing,
        targets,
        at,
        failures,
        ...(completeAt === undefined ? {} : { completeAt }),
      });
    },
  };
}
