/** Keeps what discovery learned, one item per account and region, written by that region's discovery alone. */
import type { RegionObservations } from '#core/discovery/observation.ts';

export interface ObservationStore {
  /** Undefined when that region never reported. Strongly consistent in the home region. */
  load(account: string, region: string): Promise<RegionObservations | undefined>;
  /** Every region's last report. Bad items are left out and counted in `badItems`. */
  loadAll(): Promise<{ readonly regions: readonly RegionObservations[]; readonly badItems: number }>;
  /** Replaces the region's report. A later `at` always wins over an earlier one; answers false when a newer one stands. */
  save(observations: RegionObservations): Promise<boolean>;
  /** Nothing changed: only says that a run ended and what failed in it. The standing report's quotas stay. */
  saveHeartbeat(
    heartbeat: Pick<RegionObservations, 'account' | 'region' | 'at' | 'failures' | 'completeAt'>,
  ): Promise<void>;
}
