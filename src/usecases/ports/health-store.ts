/** What the processes of one gateway region tell each other of failing targets. Nothing is written while all is well. */
import type { SharedHealth } from '#core/health/shared-health.ts';

export interface StoredHealth {
  /** A target id, or a region's key. */
  readonly key: string;
  /** Grows with every write. */
  readonly revision: number;
  readonly health: SharedHealth;
}

export interface HealthStore {
  /** Whose items are read and written. */
  readonly region: string;
  /** Those of the own region; may be some seconds old. `badItems`: those that could not be read. */
  loadAll(): Promise<{ readonly items: readonly StoredHealth[]; readonly badItems: number }>;
  /** As it stands now. Undefined where there is none, or none that can be read. */
  load(key: string): Promise<StoredHealth | undefined>;
  /**
   * Puts `item` in the place of the revision that it was made from; false, and nothing written, where another stands
   * there by now.
   *
   * @param seen undefined where there was none
   */
  save(item: StoredHealth, seen: number | undefined): Promise<boolean>;
}
