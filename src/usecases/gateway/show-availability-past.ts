import type { Availability } from '#contract/http.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { type PlaceRecord, rewind, timelinesOf } from '#core/discovery/rewind.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { AskedAvailability } from './asked-availability.ts';
import { type AvailabilityHistory, type HistorySources, loadHistory } from './availability-history.ts';
import { modelsAsked, shownTarget } from './show-availability-targets.ts';

export interface AskedPast extends AskedAvailability {
  readonly at: number;
}

const LOST = {
  who: 'nobody',
  text: 'A change was not noted or cannot be read: nobody can tell how it was then.',
} as const;

/** How it was at a past moment, as discovery saw it: refusals of calls have no past. */
export async function pastAvailabilityOf(sources: HistorySources, asked: AskedPast): Promise<Availability> {
  const history = await loadHistory(sources, { since: asked.at, fits: asked.fits });
  const { isAsked, labelOf } = modelsAsked(sources.config, asked);
  const may = (target: Observation): boolean => asked.mayBeTold(target) && isAsked(target);
  const at = isoOfInstant(asked.at);
  const targets = history.records
    .filter(({ from }) => from !== undefined && from <= asked.at)
    .flatMap((record) => pastTargets(record, asked.at))
    .filter(({ target }) => may(target))
    .map(({ target, lost }) => {
      const shown = shownTarget(target, { model: labelOf(target), stale: false });
      return lost ? { ...shown, hint: LOST, since: at } : shown;
    });
  return {
    asOf: at,
    stale: false,
    at,
    unrecorded: unrecordedPlaces(history, asked.at, asked.mayBeTold),
    targets: targets.sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

function pastTargets(record: PlaceRecord, at: number) {
  return timelinesOf(record).flatMap((timeline) => {
    const past = rewind(timeline, at);
    if (past.kind === 'present') return [{ target: past.target, lost: false }];
    if (past.kind === 'absent' || timeline.known === undefined) return [];
    const target = { ...timeline.known, state: 'unknown' as const, reasons: ['change-lost'], stale: false };
    return [{ target, lost: true }];
  });
}

/** Places whose past begins later than was asked, of which the viewer may know anything. */
export function unrecordedPlaces(
  { records }: AvailabilityHistory,
  at: number,
  mayBeTold: (target: Observation) => boolean,
): NonNullable<Availability['unrecorded']> {
  return records
    .filter(({ from, targets }) => (from === undefined || from > at) && targets.some(mayBeTold))
    .map(({ account, region, from }) => ({
      account,
      region,
      ...(from === undefined ? {} : { recordedFrom: isoOfInstant(from) }),
    }));
}
