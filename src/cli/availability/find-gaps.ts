import {
  type AvailabilityTarget,
  isUsable,
  kindOfTarget,
  type Repairer,
  repairers,
  tellingTarget,
  whyOf,
} from '#contract/availability-cells.ts';
import { groupBy, type ModelNames, rowNameOf } from './build-matrix.ts';

/** Places where a configured model cannot answer, for one reason that one party can repair. */
export interface Gap {
  readonly who: Repairer;
  /** The state, and what the API said of it. */
  readonly why: string;
  /** What to do about it. */
  readonly text: string;
  readonly places: readonly GapPlace[];
}

interface GapPlace {
  readonly model: string;
  /** Model id or endpoint. */
  readonly name: string;
  /** `region`, or `region (account)` where several accounts serve it. */
  readonly regions: readonly string[];
}

const absent = {
  who: 'nobody',
  why: 'not offered',
  text: 'AWS does not offer it there; other regions serve it.',
} as const;

/** An account and region that reported anything. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Every place that some target stands in. */
export function placesOf(targets: readonly AvailabilityTarget[]): readonly Place[] {
  const byPlace = groupBy(targets, (target) => `${target.account}/${target.region}`);
  return [...byPlace.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ account: first.account, region: first.region }],
  );
}

/**
 * The gaps of the configured models over the places where they could be served, those that somebody can repair first.
 */
export function findGaps(
  targets: readonly AvailabilityTarget[],
  models: readonly ModelNames[],
  places: readonly Place[] = placesOf(targets),
): readonly Gap[] {
  const accountsByRegion = groupBy(places, (place) => place.region);
  const byRow = groupBy(targets, rowNameOf);
  const found = models.flatMap((model) => [
    ...model.modelIds.flatMap((modelId) => {
      const byPlace = groupBy(byRow.get(modelId) ?? [], (target) => `${target.account}/${target.region}`);
      return places.flatMap((place) => {
        const own = byPlace.get(`${place.account}/${place.region}`) ?? [];
        return gapOf(own, { model: model.name, name: modelId, place });
      });
    }),
    ...model.endpoints.flatMap((endpoint) =>
      (byRow.get(`endpoint ${endpoint}`) ?? []).flatMap((target) =>
        gapOf([target], { model: model.name, name: `${endpoint} (endpoint)`, place: target }),
      ),
    ),
  ]);
  return mergeGaps(found, (place) =>
    (accountsByRegion.get(place.region)?.length ?? 0) > 1
      ? `${place.region} (${place.account})`
      : place.region,
  );
}

interface FoundGap {
  readonly who: Repairer;
  readonly why: string;
  readonly text: string;
  readonly model: string;
  readonly name: string;
  readonly place: Place;
}

function gapOf(
  targets: readonly AvailabilityTarget[],
  where: Pick<FoundGap, 'model' | 'name' | 'place'>,
): readonly FoundGap[] {
  if (targets.some((target) => isUsable(kindOfTarget(target)))) return [];
  const teller = tellingTarget(targets);
  if (teller === undefined) return [{ ...absent, ...where }];
  return [{ who: teller.hint.who, text: teller.hint.text, why: whyOf(teller), ...where }];
}

function mergeGaps(found: readonly FoundGap[], nameOfPlace: (place: Place) => string): readonly Gap[] {
  const groups = groupBy(found, (gap) => JSON.stringify([repairers.indexOf(gap.who), gap.why, gap.text]));
  return [...groups.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, gaps]) => {
      const [first] = gaps;
      if (first === undefined) return [];
      const rows = [...groupBy(gaps, (gap) => `${gap.model} ${gap.name}`).values()];
      const places = rows.flatMap((row) => {
        const [own] = row;
        if (own === undefined) return [];
        return [
          { model: own.model, name: own.name, regions: row.map((gap) => nameOfPlace(gap.place)).sort() },
        ];
      });
      return [{ who: first.who, why: first.why, text: first.text, places }];
    });
}
