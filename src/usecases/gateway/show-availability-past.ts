import type { Availability } from '#contract/http.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { type PlaceRecord, rewind, timelinesOf } from '#core/discovery/rewind.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { AskedAvailability } from './asked-availability.ts';
import { type AvailabilityHistory, type HistorySources, loadHistory } from './availability-history.ts';
import type { ToldAvailability } from './show-availability-answer.ts';
import { modelsAsked, shownTarget, sortedById, sortedPlaces } from './show-availability-targets.ts';

export interface AskedPast extends AskedAvailability {
  readonly at: number;
}

const LOST = {
  who: 'nobody',
  text: 'A change was not noted or cannot be read: nobody can tell how it was then.',
} as const;

/** How it was at a past moment, as discovery saw it: refusals of calls have no past. */
export async function pastAvailabilityOf(sources: HistorySources, asked: AskedPast): Promise<Availability> {
  const { head, places } = await toldPast(sources, asked);
  return { ...head, targets: places.flatMap(({ targets }) => targets()) };
}

/** The same, each place's targets when they are asked for. */
export async function toldPast(sources: HistorySources, asked: AskedPast): Promise<ToldAvailability> {
  const history = await loadHistory(sources, { since: asked.at, fits: asked.fits });
  const { isAsked, labelOf } = modelsAsked(sources.config, asked);
  const may = (target: Observation): boolean => asked.mayBeTold(target) && isAsked(target);
  const at = isoOfInstant(asked.at);
  const shown = ({ target, lost }: { readonly target: Observation; readonly lost: boolean }) => {
    const known = shownTarget(target, { model: labelOf(target), stale: false });
    return lost ? { ...known, hint: LOST, since: at } : known;
  };
  const places = history.records
    .filter(({ from }) => from !== undefined && from <= asked.at)
    .map((record) => ({
      account: record.account,
      region: record.region,
      targets: () =>
        sortedById(
          pastTargets(record, asked.at)
            .filter(({ target }) => may(target))
            .map(shown),
        ),
    }));
  const unrecorded = unrecordedPlaces(history, asked.at, asked.mayBeTold);
  return { head: { asOf: at, stale: false, at, unrecorded }, places: sortedPlaces(places) };
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
