/** What moved, in order of time, for people. Losing an entry costs an explanation, never a route. */
import type { ObservationChange } from '#core/discovery/compare-observations.ts';

export interface ChangeLog {
  append(
    place: { readonly account: string; readonly region: string },
    changes: readonly ObservationChange[],
  ): Promise<void>;
  /** Newest first, at most `limit`. */
  load(
    place: { readonly account: string; readonly region: string },
    limit: number,
  ): Promise<readonly ObservationChange[]>;
}
