/**
 * What a report says of the changes before it, so that the past is told exactly or not at all.
 *
 * A report and the log of changes are written one after the other, and the second write can fail. So a report carries
 * the changes that it was written with: whoever reads both misses none, and the next run puts them into the log again.
 */
import { changesBetween } from './compare-observations.ts';
import type { ObservationChange, RegionObservations } from './observation.ts';

/** As long as the log keeps an entry. */
export const CHANGES_KEPT_MS = 90 * 86_400_000;

/** A report stays far below what an item holds. More than this in a run, after failed writes, begins the past anew. */
const LATEST_MAX = 1000;

/**
 * The report with its history.
 *
 * @param unlogged earlier changes that the log may lack
 */
export function withHistory(
  previous: RegionObservations | undefined,
  next: RegionObservations,
  unlogged: readonly ObservationChange[],
): RegionObservations {
  const latest = [...unlogged, ...changesBetween(previous, next)];
  const from = previous?.history?.from;
  // Whoever wrote a report without history did not note all that moved: what is known begins with this run.
  const begins = from === undefined || latest.length > LATEST_MAX;
  return { ...next, history: begins ? { from: next.at, latest: [] } : { from, latest } };
}
