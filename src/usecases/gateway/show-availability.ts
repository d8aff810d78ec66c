import type { SpillwayConfig } from '#contract/config.ts';
import type { Availability } from '#contract/http.ts';
import { hintFor } from '#core/discovery/hint-for.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { bounded } from './bounded.ts';
import { identify } from './identify.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

const STORE_MS_MAX = 5000;
type ShownTarget = Availability['targets'][number];

/** GET /spillway/v1/availability?model=&region=&account=: what discovery knows, from the table. */
export async function answerAvailability(services: Services, arrival: Arrival): Promise<Response> {
  const { request, requestId, url } = arrival;
  const identified = await identify(services.tenants, request.headers);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  const model = url.searchParams.get('model') ?? undefined;
  if (model !== undefined && !isKnown(services.config, model)) {
    return answerRefusal(unknownModel(services.config, identified.value, model), { requestId });
  }
  try {
    const { regions } = await bounded(services.clock, STORE_MS_MAX, services.observations.loadAll());
    const wanted = regions.filter(
      (entry) => matches(url, 'region', entry.region) && matches(url, 'account', entry.account),
    );
    const visible = new Set(modelsOf(services.config, identified.value));
    return answerJson(availabilityOf(services, wanted, { model, visible }), { requestId });
  } catch {
    const message =
      'What discovery knows cannot be read at this moment. Answers to requests do not depend on it.';
    return answerRefusal({ code: 'not_ready', message, retryAfterMs: 5000 }, { requestId });
  }
}

function matches(url: URL, parameter: string, value: string): boolean {
  const wanted = url.searchParams.get(parameter);
  return wanted === null || wanted === '' || wanted === value;
}

/** A logical model, or the id of one of the models that discovery may have seen. */
function isKnown(config: SpillwayConfig, model: string): boolean {
  return model === '' || Object.hasOwn(config.models, model) || model.includes('.');
}

/** What the regions' reports say, in the contracted shape; the command line reads the table through it too. */
export function availabilityOf(
  { config, clock }: Pick<Services, 'config' | 'clock'>,
  regions: readonly RegionObservations[],
  asked: { readonly model: string | undefined; readonly visible: ReadonlySet<string> },
): Availability {
  const now = clock.now();
  const staleBefore = now - config.guard.ageSecondsMax * 1000;
  const logical = logicalModels(config, asked.visible);
  const targets = regions.flatMap((entry) =>
    entry.targets
      .map((target) => shown(target, logical, target.stale || target.observedAt < staleBefore))
      .filter(
        (target) =>
          asked.model === undefined ||
          asked.model === '' ||
          target.model === asked.model ||
          target.modelId === asked.model,
      ),
  );
  const ages = regions.map((entry) => entry.at);
  return {
    asOf: isoOfInstant(ages.length === 0 ? now : Math.min(...ages)),
    stale:
      regions.length === 0 || regions.some((entry) => entry.at < staleBefore || entry.failures.length > 0),
    targets: targets.sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** Bedrock model ids and `<account>/<region>/<endpoint>` to the first logical model that uses them. */
function logicalModels(config: SpillwayConfig, visible: ReadonlySet<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, model] of Object.entries(config.models)) {
    if (!visible.has(name)) continue;
    const keys = [
      ...model.candidates.map(({ id }) => id),
      ...model.dedicated.map(({ account, region, endpoint }) => `${account}/${region}/${endpoint}`),
    ];
    for (const key of keys) if (!names.has(key)) names.set(key, name);
  }
  return names;
}

function shown(target: Observation, logical: ReadonlyMap<string, string>, stale: boolean): ShownTarget {
  const { id, account, region, scope, state, reasons, reach, since, modelId, profileId, endpoint } = target;
  const model = logical.get(endpoint === undefined ? modelId : `${account}/${region}/${endpoint}`);
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
    since: isoOfInstant(since),
    stale,
  };
}
