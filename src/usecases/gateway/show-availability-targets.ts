import type { ModelConfig, SpillwayConfig } from '#contract/config.ts';
import type { Availability } from '#contract/http.ts';
import { hintFor } from '#core/discovery/hint-for.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import type { TargetState } from '#core/target.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { ToldAvailability, ToldPlace } from './show-availability-answer.ts';
import type { Denials } from './show-availability-denials.ts';

type ShownTarget = Availability['targets'][number];

interface KnownPlaces {
  readonly regions: readonly RegionObservations[];
  readonly denials: Denials;
  /** False where nobody was ever to look, so that no report is no lack. @default true */
  readonly configured?: boolean;
  /** The tables cannot be read now, and said this before: all of it is stale. @default false */
  readonly isLastKnown?: boolean;
}

export interface AskedModels {
  /** A logical model or a Bedrock model id; undefined or empty for all. */
  readonly model: string | undefined;
  /** Logical models whose names may be told. */
  readonly visible: ReadonlySet<string>;
}

/** What the regions' reports say, in the contracted shape; the command line reads the tables through it. */
export function availabilityOf(
  sources: { readonly config: SpillwayConfig; readonly clock: Clock },
  known: KnownPlaces,
  asked: AskedModels,
): Availability {
  const { head, places } = toldAvailability(sources, known, { ...asked, mayBeTold: () => true });
  return { ...head, targets: places.flatMap(({ targets }) => targets()) };
}

/** The same, each place's targets when they are asked for: all of a large company take a while. */
export function toldAvailability(
  { config, clock }: { readonly config: SpillwayConfig; readonly clock: Clock },
  { regions, denials, configured = true, isLastKnown = false }: KnownPlaces,
  asked: AskedModels & { readonly mayBeTold: (target: Observation) => boolean },
): ToldAvailability {
  const staleBefore = clock.now() - config.guard.ageSecondsMax * 1000;
  const { isAsked, labelOf } = modelsAsked(config, asked);
  const freshness = freshnessOf({ config, clock }, { regions, configured });
  const shown = (target: Observation): ShownTarget => {
    const stale = isLastKnown || target.stale || target.observedAt < staleBefore;
    return shownTarget(overlaid(target, denials), { model: labelOf(target), stale });
  };
  return {
    head: isLastKnown ? { ...freshness, stale: true } : freshness,
    places: sortedPlaces(
      regions.map(({ account, region, targets }) => ({
        account,
        region,
        targets: () =>
          sortedById(targets.filter((target) => asked.mayBeTold(target) && isAsked(target)).map(shown)),
      })),
    ),
  };
}

export const sortedById = (targets: readonly ShownTarget[]): ShownTarget[] =>
  targets.toSorted((one, other) => (one.id < other.id ? -1 : 1));

/** As their targets' ids are ordered, which begin with the account and the region. */
export function sortedPlaces(places: readonly ToldPlace[]): readonly ToldPlace[] {
  const keyOf = ({ account, region }: ToldPlace): string => `${account}/${region}/`;
  return places.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** How old the oldest of the reports is, and whether one is missing, too old or says that a part of it failed. */
export function freshnessOf(
  { config, clock }: { readonly config: SpillwayConfig; readonly clock: Clock },
  { regions, configured }: Pick<KnownPlaces, 'regions'> & { readonly configured: boolean },
): Pick<Availability, 'asOf' | 'stale'> {
  const now = clock.now();
  const staleBefore = now - config.guard.ageSecondsMax * 1000;
  const ages = regions.map((entry) => entry.at);
  const lacking = regions.length === 0 && configured;
  return {
    asOf: isoOfInstant(ages.length === 0 ? now : Math.min(...ages)),
    stale: lacking || regions.some((entry) => entry.at < staleBefore || entry.failures.length > 0),
  };
}

/** Whether a target is of the models that were asked for, and the logical model that it is shown as. */
export function modelsAsked(config: SpillwayConfig, asked: AskedModels) {
  const labels = labelsOf(config, asked);
  return {
    isAsked: (target: Observation): boolean => isOfModel(target, labels, asked.model),
    labelOf: (target: Observation): string | undefined => labels.get(keyOf(target)),
  };
}

function isOfModel(target: Observation, labels: Labels, model: string | undefined): boolean {
  if (model === undefined || model === '') return true;
  return labels.get(keyOf(target)) === model || (target.endpoint === undefined && target.modelId === model);
}

/** Bedrock model ids and `<account>/<region>/<endpoint>` to the logical model that they are shown as. */
type Labels = ReadonlyMap<string, string>;

/** Models may share an id: the one that was asked for gives its name, else the first in the configuration. */
function labelsOf(config: SpillwayConfig, { model: asked, visible }: AskedModels): Labels {
  const names = new Map<string, string>();
  const models = Object.entries(config.models).filter(([name]) => visible.has(name));
  const ordered = [...models.filter(([name]) => name === asked), ...models];
  for (const [name, model] of ordered) {
    for (const key of keysOf(model)) if (!names.has(key)) names.set(key, name);
  }
  return names;
}

function keysOf({ candidates, dedicated }: ModelConfig): readonly string[] {
  return [
    ...candidates.map(({ id }) => id),
    ...dedicated.map(({ account, region, endpoint }) => `${account}/${region}/${endpoint}`),
  ];
}

function keyOf({ account, region, endpoint, modelId }: Observation): string {
  return endpoint === undefined ? modelId : `${account}/${region}/${endpoint}`;
}

/** States that a refused call contradicts or adds to; any other already says why no call would be answered. */
const REFUTABLE_STATES: ReadonlySet<TargetState> = new Set([
  'available',
  'legacy',
  'warm',
  'warming',
  'cold',
  'unknown',
]);

/** A call's refusal is newer and truer than what the lists say. */
function overlaid(target: Observation, denials: Denials): Observation {
  const denial = denials.get(target.id);
  if (denial === undefined || !REFUTABLE_STATES.has(target.state)) return target;
  const reason = `denied-by-${denial.by}-${denial.why}`;
  return { ...target, state: 'denied', reasons: [reason, ...target.reasons], since: denial.at };
}

/** What a target is, apart from its state. */
export function shownIdentity(target: Observation, model: string | undefined) {
  const { id, account, region, scope, modelId, profileId, endpoint } = target;
  return {
    id,
    account,
    region,
    ...(model === undefined ? {} : { model }),
    ...(endpoint === undefined ? { modelId } : { endpoint }),
    ...(profileId === undefined ? {} : { profileId }),
    scope,
  };
}

export function shownTarget(
  target: Observation,
  { model, stale }: { readonly model: string | undefined; readonly stale: boolean },
): ShownTarget {
  const { state, reasons, reach, since } = target;
  return {
    ...shownIdentity(target, model),
    state,
    reasons: [...reasons],
    hint: hintFor(state === 'denied' ? { ...target, reasons: [], stale: false } : target),
    reach: [...reach],
    since: isoOfInstant(since),
    stale,
  };
}
