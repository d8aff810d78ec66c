import type { Lifecycle, ModelFact, WorldFacts } from './facts.ts';
import { OverrideStore } from './override-store.ts';
import { type ModelOverride, overrideKey } from './overrides.ts';
import { unknownModelFact } from './unknown-model-fact.ts';

/** A model as one account sees it in one region. */
export interface ModelState {
  readonly fact: ModelFact;
  /** ListFoundationModels shows it. */
  readonly listed: boolean;
  /** A call in this region finds it. Differs from `listed` only where the control API asked for that. */
  readonly servable: boolean;
  /** Somebody took it away through the control API: profiles of it fail too, even ones that were added. */
  readonly withdrawn: boolean;
  readonly inferenceTypes: readonly string[];
  readonly lifecycle: Lifecycle;
  readonly authorizationStatus: string;
  readonly agreementAvailability: { readonly status: string; readonly errorMessage?: string };
  readonly entitlementAvailability: string;
  readonly regionAvailability: string;
  readonly denied: boolean;
  /** Features of a chat that it refuses in words. */
  readonly refuses: readonly string[];
  /** What the first call with a schema waits for its grammar. */
  readonly grammarCompileMs: number;
}

/** Which models stand in which region, and how each account stands to them. */
export class ModelCatalogue {
  readonly overrides = new OverrideStore<ModelOverride>((entry) =>
    overrideKey(entry.region, entry.account, entry.modelId),
  );
  readonly #facts: ReadonlyMap<string, ModelFact>;
  /** Region → model id → inference types. */
  readonly #offers: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

  constructor(facts: WorldFacts) {
    this.#facts = new Map(facts.models.map((fact) => [fact.modelId, fact]));
    this.#offers = offersByRegion(facts);
  }

  /** The state of a model, or undefined for an id that neither the facts nor the control API know. */
  state(account: string, region: string, modelId: string): ModelState | undefined {
    const override = this.#override(account, region, modelId);
    const known = this.#facts.get(modelId);
    const fact = known ?? this.#addedFact(modelId);
    if (!fact) return undefined;
    // An id that no file knows is there because it was just added, so a change to it need not say `offered`.
    const added =
      override?.offered === undefined && (known ? override?.inferenceTypes : override) !== undefined;
    const offer = this.#offers.get(region)?.get(modelId) ?? (added ? defaultInferenceTypes(fact) : undefined);
    return modelState(fact, offer, override);
  }

  /** What ListFoundationModels shows, sorted by id. */
  listed(account: string, region: string): readonly ModelState[] {
    const ids = new Set(this.#offers.get(region)?.keys() ?? []);
    for (const entry of this.overrides.list()) if (entry.region === region) ids.add(entry.modelId);
    return [...ids]
      .sort()
      .map((id) => this.state(account, region, id))
      .filter((state) => state !== undefined)
      .filter((state) => state.listed);
  }

  /** Regions in which the account could be served by this model, sorted. */
  servingRegions(account: string, modelId: string): readonly string[] {
    const regions = new Set(this.#offers.keys());
    for (const entry of this.overrides.list()) regions.add(entry.region);
    return [...regions].filter((region) => this.state(account, region, modelId)?.servable).sort();
  }

  #override(account: string, region: string, modelId: string): ModelOverride | undefined {
    const general = this.overrides.get(overrideKey(region, undefined, modelId));
    const own = this.overrides.get(overrideKey(region, account, modelId));
    return own && general ? { ...general, ...own } : (own ?? general);
  }

  #addedFact(modelId: string): ModelFact | undefined {
    return this.overrides.list().some((entry) => entry.modelId === modelId)
      ? unknownModelFact(modelId)
      : undefined;
  }
}

/** The state of a model under an offer of the facts (its inference types here) and a change to it, if any. */
export function modelState(
  fact: ModelFact,
  offer: readonly string[] | undefined,
  override: ModelOverride | undefined,
): ModelState {
  const listed = override?.offered ?? offer !== undefined;
  const regionAvailability = override?.regionAvailability ?? (listed ? 'AVAILABLE' : 'NOT_AVAILABLE');
  return {
    fact,
    listed,
    servable: regionAvailability === 'AVAILABLE',
    withdrawn: override !== undefined && regionAvailability !== 'AVAILABLE',
    inferenceTypes: override?.inferenceTypes ?? offer ?? defaultInferenceTypes(fact),
    lifecycle: { ...fact.lifecycle, ...override?.lifecycle },
    authorizationStatus: override?.authorizationStatus ?? 'AUTHORIZED',
    agreementAvailability: override?.agreementAvailability ?? { status: 'AVAILABLE' },
    entitlementAvailability: override?.entitlementAvailability ?? 'AVAILABLE',
    regionAvailability,
    denied: override?.denied ?? false,
    refuses: override?.refuses ?? [],
    grammarCompileMs: override?.grammarCompileMs ?? 0,
  };
}

/** For a model put into a region that the facts do not give it. */
function defaultInferenceTypes(fact: ModelFact): readonly string[] {
  return fact.inferenceTypes.includes('ON_DEMAND') || fact.inferenceTypes.length === 0
    ? ['ON_DEMAND']
    : fact.inferenceTypes;
}

function offersByRegion(facts: WorldFacts): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const profiled = new Set(
    facts.profiles.flatMap((profile) =>
      Object.keys(profile.destinationsBySource).map((region) => `${region}|${profile.modelId}`),
    ),
  );
  const offers = new Map<string, Map<string, readonly string[]>>();
  const add = (region: string, modelId: string, types: readonly string[]) => {
    const models = offers.get(region) ?? new Map<string, readonly string[]>();
    offers.set(region, models.set(modelId, types));
  };
  for (const { modelId, inferenceTypes, onDemandRegions, profileOnlyRegions } of facts.models) {
    const others = inferenceTypes.filter((type) => type !== 'ON_DEMAND' && type !== 'INFERENCE_PROFILE');
    for (const region of profileOnlyRegions) add(region, modelId, ['INFERENCE_PROFILE']);
    for (const region of onDemandRegions) {
      const profile = profiled.has(`${region}|${modelId}`) ? ['INFERENCE_PROFILE'] : [];
      add(region, modelId, ['ON_DEMAND', ...profile, ...others]);
    }
  }
  return offers;
}
