import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import { compareMoments, type TargetDifference } from '#core/discovery/compare-moments.ts';
import { hintFor } from '#core/discovery/hint-for.ts';
import type { Observation, ObservationChange } from '#core/discovery/observation.ts';
import type { PlaceRecord } from '#core/discovery/rewind.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { AskedAvailability } from './asked-availability.ts';
import { type AvailabilityHistory, type HistorySources, loadHistory } from './availability-history.ts';
import { unrecordedPlaces } from './show-availability-past.ts';
import { freshnessOf, modelsAsked, shownIdentity } from './show-availability-targets.ts';

type ShownChange = AvailabilityChanges['changes'][number];

export interface AskedChanges extends AskedAvailability {
  readonly since: number;
  /** @default now */
  readonly until: number | undefined;
  /** Some place that was asked for should have reported. */
  readonly configured: boolean;
  /** Where the page before this one ended, as `positionOf` says it. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Of one target; who flaps more often than that shows its latest moves. */
const STEPS_MAX = 50;

/** What is different between two moments, with the position of the last change where there are more. */
export async function availabilityChangesOf(
  sources: HistorySources,
  asked: AskedChanges,
): Promise<{ readonly shown: AvailabilityChanges; readonly more: string | undefined }> {
  const history = await loadHistory(sources, asked);
  const until = asked.until ?? Math.max(sources.clock.now(), ...history.reports.map(({ at }) => at));
  const { changes, nameless } = shownChanges(sources, { history, until }, asked);
  const rest = changes.filter((change) => asked.after === undefined || positionOf(change) > asked.after);
  const page = rest.slice(0, asked.limit);
  const last = page.at(-1);
  const count = (kind: ShownChange['kind']) => changes.filter((change) => change.kind === kind).length;
  return {
    shown: {
      since: isoOfInstant(asked.since),
      until: isoOfInstant(until),
      ...freshnessOf(sources, { regions: history.reports, configured: asked.configured }),
      counts: {
        appeared: count('appeared'),
        left: count('left'),
        changed: count('changed'),
        returned: count('returned'),
        lost: count('lost'),
      },
      changes: page,
      unrecorded: unrecordedPlaces(history, asked.since, asked.mayBeTold),
      unreadable: history.unreadable + nameless,
    },
    more: rest.length > page.length && last !== undefined ? positionOf(last) : undefined,
  };
}

/** Orders as text, newest first: what is left until the end of all times, then the id. */
function positionOf({ at, id }: Pick<ShownChange, 'at' | 'id'>): string {
  return `${String(LAST_INSTANT_MS - Date.parse(at)).padStart(15, '0')} ${id}`;
}

/** The end of the year 9999. */
const LAST_INSTANT_MS = 253_402_300_799_999;

function shownChanges(
  { config }: HistorySources,
  { history, until }: { readonly history: AvailabilityHistory; readonly until: number },
  asked: AskedChanges,
) {
  const { isAsked, labelOf } = modelsAsked(config, asked);
  const found = history.records.flatMap((record) => differencesIn(record, asked.since, until));
  // Whose identity nobody knows: to whom it may be told, nobody knows either.
  const nameless = found.filter(({ known }) => known === undefined).length;
  const changes = found.flatMap((difference) => {
    const { known } = difference;
    if (known === undefined || !asked.mayBeTold(known) || !isAsked(known)) return [];
    return [shownChange(difference, known, { model: labelOf(known), since: asked.since })];
  });
  return { changes: changes.sort((one, other) => (positionOf(one) < positionOf(other) ? -1 : 1)), nameless };
}

/** As far back as the record goes. */
function differencesIn(record: PlaceRecord, since: number, until: number): readonly TargetDifference[] {
  if (record.from === undefined || until < record.from) return [];
  return compareMoments(record, { first: Math.max(since, record.from), second: until });
}

function shownChange(
  { kind, before, after, steps }: TargetDifference,
  known: Observation,
  { model, since }: { readonly model: string | undefined; readonly since: number },
): ShownChange {
  const at = steps.at(-1)?.at ?? Math.max(since, after?.since ?? since);
  const now = after ?? { ...known, state: kind === 'lost' ? 'unknown' : 'not-offered', reasons: [] };
  return {
    ...shownIdentity(known, model),
    kind,
    at: isoOfInstant(at),
    ...(before === undefined ? {} : { before: stateOf(before) }),
    ...(after === undefined ? {} : { after: stateOf(after) }),
    hint: kind === 'lost' && after === undefined ? LOST : hintFor({ ...now, stale: false }),
    steps: steps.slice(-STEPS_MAX).map(stepOf),
    stepsLeftOut: Math.max(0, steps.length - STEPS_MAX),
  };
}

const LOST = {
  who: 'nobody',
  text: 'A change was not noted or cannot be read: nobody can tell how it was.',
} as const;

const stateOf = ({ state, reasons, since }: Observation) => ({
  state,
  reasons: [...reasons],
  since: isoOfInstant(since),
});

const stepOf = ({ at, from, to, reasons }: ObservationChange) => ({
  at: isoOfInstant(at),
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
  reasons: [...reasons],
});
