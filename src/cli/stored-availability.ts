import type { SpillwayConfig } from '#contract/config.ts';
import type { Availability } from '#contract/http.ts';
import { hintFor } from '#core/discovery/hint-for.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import type { CommandContext } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';

/** What the observations table of a real account says, in the shape that a gateway answers. */
export async function loadStoredAvailability(context: CommandContext): Promise<Availability> {
  const config = await openConfig(context);
  const stores = await openStores(context, config);
  try {
    const { regions } = await stores.observations.loadAll();
    return availabilityOf(regions, config, context.runtime.now());
  } finally {
    stores.close();
  }
}

/** Stale as a whole when some region has not answered within the age that plan still publishes from. */
export function availabilityOf(
  regions: readonly RegionObservations[],
  config: SpillwayConfig,
  now: InstantMs,
): Availability {
  const modelNames = namesByTarget(config);
  const oldestGood = now - config.guard.ageSecondsMax * 1000;
  return {
    asOf: isoOfInstant(Math.max(0, ...regions.map((region) => region.at))),
    stale: regions.some((region) => (region.completeAt ?? 0) < oldestGood),
    targets: regions
      .flatMap((region) => region.targets)
      .map((target) => availabilityTarget(target, modelNames))
      .sort((left, right) => (left.id < right.id ? -1 : 1)),
  };
}

function availabilityTarget(
  target: Observation,
  modelNames: ReadonlyMap<string, string>,
): Availability['targets'][number] {
  const model = modelNames.get(target.endpoint ?? target.modelId);
  const { id, account, region, modelId, endpoint, profileId, scope, state, reasons, reach, stale } = target;
  return {
    id,
    account,
    region,
    ...(model === undefined ? {} : { model }),
    ...(endpoint === undefined ? { modelId } : { endpoint }),
    ...(profileId === undefined ? {} : { profileId }),
    scope,
    state,
    reasons: [...reasons],
    hint: hintFor(target),
    reach: [...reach],
    since: isoOfInstant(target.since),
    stale,
  };
}

/** The first logical model that names a Bedrock model or an endpoint. */
function namesByTarget(config: SpillwayConfig): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, model] of Object.entries(config.models)) {
    const own = [...model.candidates.map(({ id }) => id), ...model.dedicated.map(({ endpoint }) => endpoint)];
    for (const target of own) if (!names.has(target)) names.set(target, name);
  }
  return names;
}
