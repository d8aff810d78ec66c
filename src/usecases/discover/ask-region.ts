/**
 * Everything one run asks AWS about its account and region, each part on its own: one that fails costs only itself.
 *
 *     lists and endpoints, half of the time ─ availability of tracked models, quotas when due, the other half
 */
import type {
  AvailabilityAnswer,
  DedicatedName,
  EndpointAnswer,
  RegionAnswers,
} from '#core/discovery/answers.ts';
import { dedicatedKey } from '#core/discovery/answers.ts';
import { chooseChecks } from '#core/discovery/choose-checks.ts';
import type { RegionObservations } from '#core/discovery/observation.ts';
import { isQuotaAskingDue } from '#core/discovery/quota-report.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { EndpointInventory } from '../ports/endpoint-inventory.ts';
import type { ModelCatalogue } from '../ports/model-catalogue.ts';
import type { QuotaInventory } from '../ports/quota-inventory.ts';
import { type Ask, askEach, asking, withinLimit } from './answered-calls.ts';
import { askQuotas } from './ask-quotas.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface AskDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly catalogue: ModelCatalogue;
  readonly endpoints: EndpointInventory;
  readonly quotas: QuotaInventory;
}

export interface AskRequest {
  /** Base model ids whose access is checked. */
  readonly tracked: ReadonlySet<string>;
  /** Dedicated targets of this account and region. */
  readonly dedicated: readonly DedicatedName[];
  readonly applicationProfiles: boolean;
  /** Calls a second, above 0. */
  readonly ratePerSecond: number;
  /** How often runs come; rotates the checks that one run cannot do all. */
  readonly everySeconds: number;
  /** All calls to AWS end by then. @default 20000 */
  readonly runMsMax?: number | undefined;
  /** @default 3000 */
  readonly callMsMax?: number | undefined;
}

const RUN_MS_MAX = 20_000;
const CALL_MS_MAX = 3_000;
/** Share of the run's time that availability checks and quotas have; lists and endpoints have the rest. */
const CHECK_SHARE = 0.5;

type Listed = Pick<RegionAnswers, 'models' | 'profiles' | 'endpoints'>;

/** The checks have a share of the time that lists cannot use up by hanging. */
export async function askRegion(
  dependencies: AskDependencies,
  request: AskRequest,
  previous: RegionObservations | undefined,
): Promise<RegionAnswers> {
  const { clock, random } = dependencies;
  const { ratePerSecond, runMsMax = RUN_MS_MAX, callMsMax = CALL_MS_MAX } = request;
  const context = { clock, random, callMsMax };
  const bucket = createTokenBucket({ clock, ratePerSecond });
  // Service Quotas has a pace of its own, so that its pages hold up nothing else.
  const quotaBucket = createTokenBucket({ clock, ratePerSecond });
  const listed = await withinLimit(clock, runMsMax * (1 - CHECK_SHARE), (signal) =>
    askLists(dependencies, request, asking({ ...context, signal, bucket })),
  );
  return withinLimit(clock, runMsMax * CHECK_SHARE, async (signal) => {
    const [availability, quotas] = await Promise.all([
      askAvailability(
        dependencies.catalogue,
        checksOf(request, { listed, previous, at: clock.now() }),
        asking({ ...context, signal, bucket }),
      ),
      areQuotasDue(listed, previous, clock.now())
        ? askQuotas(dependencies.quotas, asking({ ...context, signal, bucket: quotaBucket }))
        : undefined,
    ]);
    return { ...listed, availability, quotas };
  });
}

async function askLists(
  { catalogue, endpoints }: AskDependencies,
  { applicationProfiles, dedicated }: AskRequest,
  ask: Ask,
): Promise<Listed> {
  const [models, profiles, endpointAnswers] = await Promise.all([
    ask((signal) => catalogue.listModels(signal)),
    ask((signal) => catalogue.listProfiles({ applicationProfiles }, signal)),
    askEach(dedicated, dedicatedKey, (name) =>
      ask<EndpointAnswer | undefined>((signal) => endpoints.loadEndpoint(name, signal)),
    ),
  ]);
  return { models, profiles, endpoints: endpointAnswers };
}

function askAvailability(
  catalogue: ModelCatalogue,
  checks: readonly string[],
  ask: Ask,
): Promise<RegionAnswers['availability']> {
  return askEach(
    checks,
    (modelId) => modelId,
    (modelId) => ask<AvailabilityAnswer | undefined>((signal) => catalogue.loadAvailability(modelId, signal)),
  );
}

/** Quotas name models in words, so without the names of this run's list their answer would be of no use. */
function areQuotasDue({ models }: Listed, previous: RegionObservations | undefined, at: number): boolean {
  return models.ok && models.value.length > 0 && isQuotaAskingDue(previous?.quotas, at);
}

function checksOf(
  { tracked, ratePerSecond, everySeconds, runMsMax = RUN_MS_MAX }: AskRequest,
  known: {
    readonly listed: Listed;
    readonly previous: RegionObservations | undefined;
    readonly at: number;
  },
): readonly string[] {
  const { models, profiles } = known.listed;
  return chooseChecks({
    tracked,
    models: models.ok ? models.value : undefined,
    profiles: profiles.ok ? profiles.value : undefined,
    previous: known.previous,
    checksMax: Math.max(1, Math.floor((runMsMax / 1000) * ratePerSecond * CHECK_SHARE)),
    turn: Math.floor(known.at / (everySeconds * 1000)),
  });
}
