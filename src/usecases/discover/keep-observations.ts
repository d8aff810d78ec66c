/** What a run found, in the store, and what it changed, in the change log. */
import { changesBetween, sameQuotaReport, sameTargets } from '#core/discovery/compare-observations.ts';
import { withHistory } from '#core/discovery/kept-changes.ts';
import type { ObservationChange, RegionObservations } from '#core/discovery/observation.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { ChangeLog } from '../ports/change-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import { failureName } from './answered-calls.ts';
import { callWithDeadline } from './call-with-retries.ts';

export interface KeepDependencies {
  readonly clock: Clock;
  readonly observations: ObservationStore;
  readonly changes: ChangeLog;
}

export interface KeptObservations {
  /**
   * `changed`: the item was written. `unchanged`: a heartbeat was. `superseded`: a newer run had written already.
   * `not-stored`: the store failed, so the last report stands and grows older.
   */
  readonly kind: 'changed' | 'unchanged' | 'superseded' | 'not-stored';
  readonly observations: RegionObservations | undefined;
  readonly changes: readonly ObservationChange[];
  readonly failures: readonly string[];
}

/** The store gets this much beyond the run's calls. */
const STORE_MS_MAX = 5_000;

/** @throws whatever the store throws, and `timed_out` when it hangs */
export function loadLastReport(
  { clock, observations }: KeepDependencies,
  account: string,
  region: string,
): Promise<RegionObservations | undefined> {
  return withStore(clock, () => observations.load(account, region));
}

/** Saves the report, whole where anything moved; a store that fails is told in the result. */
export async function keepObservations(
  dependencies: KeepDependencies,
  previous: RegionObservations | undefined,
  found: RegionObservations,
): Promise<KeptObservations> {
  const { clock, observations: store, changes: changeLog } = dependencies;
  const { failures } = found;
  try {
    if (previous !== undefined && isUnchanged(previous, found)) {
      await withStore(clock, () => store.saveHeartbeat(found));
      return { kind: 'unchanged', observations: found, changes: [], failures };
    }
    const observations = withHistory(previous, found, await unloggedChanges(dependencies, previous));
    const saved = await withStore(clock, () => store.save(observations));
    if (!saved) return { kind: 'superseded', observations, changes: [], failures };
    const changes = changesBetween(previous, observations);
    if (changes.length > 0) await withStore(clock, () => changeLog.append(observations, changes));
    return { kind: 'changed', observations, changes, failures };
  } catch (error) {
    if (!isHouseError(error)) throw error;
    return {
      kind: 'not-stored',
      observations: found,
      changes: [],
      failures: [...failures, storeFailure(error)],
    };
  }
}

/**
 * Puts what the last report was written with into the log once more, for nobody knows whether that succeeded then.
 * Answers what still may not stand there, and is carried on.
 */
async function unloggedChanges(
  { clock, changes: changeLog }: KeepDependencies,
  previous: RegionObservations | undefined,
): Promise<readonly ObservationChange[]> {
  const latest = previous?.history?.latest ?? [];
  if (previous === undefined || latest.length === 0) return [];
  try {
    await withStore(clock, () => changeLog.append(previous, latest));
    return [];
  } catch (error) {
    if (!isHouseError(error)) throw error;
    return latest;
  }
}

/** How a store's error stands among the failures of a run. */
export function storeFailure(error: unknown): string {
  return `observation store: ${failureName(error)}`;
}

/**
 * A heartbeat keeps no quotas: an answer about them, or the lack of one, is saved with the whole report. So is the
 * beginning of a history, once, over a report of a version that kept none.
 */
function isUnchanged(previous: RegionObservations, observations: RegionObservations): boolean {
  return (
    previous.history !== undefined &&
    sameTargets(previous.targets, observations.targets) &&
    sameQuotaReport(previous, observations)
  );
}

function withStore<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  return callWithDeadline({ clock, signal, callMsMax: STORE_MS_MAX }, call);
}
