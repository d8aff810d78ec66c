/** What is kept of the past of every place: its report, with what moved before it. For people; no answer waits for it. */
import type { SpillwayConfig } from '#contract/config.ts';
import { CHANGES_KEPT_MS } from '#core/discovery/kept-changes.ts';
import type { ObservationChange, RegionObservations } from '#core/discovery/observation.ts';
import type { PlaceRecord } from '#core/discovery/rewind.ts';
import type { ChangeLog } from '../ports/change-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObservationStore } from '../ports/observation-store.ts';

export interface HistorySources {
  readonly clock: Clock;
  readonly config: SpillwayConfig;
  readonly observations: Pick<ObservationStore, 'loadAll'>;
  readonly changes: Pick<ChangeLog, 'load'>;
}

export interface AvailabilityHistory {
  readonly records: readonly PlaceRecord[];
  readonly reports: readonly RegionObservations[];
  /** Reports and entries of the log that cannot be read. */
  readonly unreadable: number;
}

interface AskedPlaces {
  /** How far back. */
  readonly since: number;
  readonly fits: (place: { readonly account: string; readonly region: string }) => boolean;
}

/** Thirty accounts in twenty-one regions are 630 logs: so many are asked for at a time. */
const PLACES_AT_A_TIME = 32;
/** Of one place. More than that, and its past begins with the oldest of them. */
const CHANGES_MAX = 2000;

/** @throws what the stores throw */
export async function loadHistory(
  sources: HistorySources,
  { since, fits }: AskedPlaces,
): Promise<AvailabilityHistory> {
  const { regions, badItems } = await sources.observations.loadAll();
  const reports = regions.filter(fits);
  const read: ReadPlace[] = [];
  for (let start = 0; start < reports.length; start += PLACES_AT_A_TIME) {
    const some = reports.slice(start, start + PLACES_AT_A_TIME);
    read.push(...(await Promise.all(some.map((report) => readPlace(sources, report, since)))));
  }
  return {
    records: read.map(({ record }) => record),
    reports,
    unreadable: read.reduce((sum, each) => sum + each.unreadable, badItems),
  };
}

interface ReadPlace {
  readonly record: PlaceRecord;
  readonly unreadable: number;
}

async function readPlace(
  { clock, changes: log }: HistorySources,
  report: RegionObservations,
  since: number,
): Promise<ReadPlace> {
  const { account, region, targets, history } = report;
  if (history === undefined)
    return { record: { account, region, targets, from: undefined, changes: [] }, unreadable: 0 };
  const from = Math.max(since, history.from, clock.now() - CHANGES_KEPT_MS);
  const logged = await log.load(report, { since: from, limit: CHANGES_MAX });
  const oldest = logged.whole ? undefined : oldestOf([...logged.changes, ...logged.unreadable]);
  // What a run wrote after this report was read belongs to a report that was not.
  const changes = withLatest(logged.changes, history.latest).filter(
    ({ at }) => at >= from && at <= report.at,
  );
  return {
    record: { account, region, targets, from: oldest ?? from, changes, unreadable: logged.unreadable },
    unreadable: logged.badItems,
  };
}

function oldestOf(entries: readonly { readonly at: number }[]): number | undefined {
  return entries.length === 0 ? undefined : Math.min(...entries.map(({ at }) => at));
}

/** Most stand in the log as well. */
function withLatest(
  logged: readonly ObservationChange[],
  latest: readonly ObservationChange[],
): readonly ObservationChange[] {
  const keyOf = ({ target, at }: ObservationChange): string => `${at} ${target}`;
  return [...new Map([...logged, ...latest].map((change) => [keyOf(change), change])).values()];
}
