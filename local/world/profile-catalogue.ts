import { bareId, modelArn } from './arn.ts';
import { EVERYWHERE, type ProfileFact, type WorldFacts } from './facts.ts';
import type { ModelCatalogue } from './model-catalogue.ts';
import { OverrideStore } from './override-store.ts';
import { overrideKey, type ProfileOverride } from './overrides.ts';

/** A system-defined inference profile as one account sees it from one source region. */
export interface ProfileState {
  readonly profileId: string;
  readonly modelId: string;
  readonly modelArns: readonly string[];
}

/** Which profiles can be called from which source region, and where each sends its prompts. */
export class ProfileCatalogue {
  readonly overrides = new OverrideStore<ProfileOverride>((entry) =>
    overrideKey(entry.region, entry.account, entry.profileId),
  );
  readonly #models: ModelCatalogue;
  readonly #facts: ReadonlyMap<string, ProfileFact>;
  readonly #idsByRegion = new Map<string, Set<string>>();

  constructor(facts: WorldFacts, models: ModelCatalogue) {
    this.#models = models;
    this.#facts = new Map(facts.profiles.map((fact) => [fact.profileId, fact]));
    for (const { profileId, destinationsBySource } of facts.profiles) {
      for (const region of Object.keys(destinationsBySource)) {
        this.#idsByRegion.set(region, (this.#idsByRegion.get(region) ?? new Set()).add(profileId));
      }
    }
  }

  /** The profile if it is listed in this source region, else undefined: then it cannot be called there either. */
  state(account: string, region: string, profileId: string): ProfileState | undefined {
    const override = this.#override(account, region, profileId);
    if (override?.offered === false) return undefined;
    const modelArns = override?.modelArns ?? this.factArns(region, profileId);
    if (!modelArns) return undefined;
    const modelId = bareId(modelArns[0] ?? '');
    if (override) return { profileId, modelId, modelArns };
    return this.#models.state(account, region, modelId)?.servable
      ? { profileId, modelId, modelArns }
      : undefined;
  }

  /** What ListInferenceProfiles shows, sorted by id. */
  listed(account: string, region: string): readonly ProfileState[] {
    const ids = new Set(this.#idsByRegion.get(region) ?? []);
    for (const entry of this.overrides.list()) if (entry.region === region) ids.add(entry.profileId);
    const states = [...ids].sort().map((id) => this.state(account, region, id));
    return states.filter((state) => state !== undefined);
  }

  /** Model ARNs of a profile as the facts give them for this source region. */
  factArns(region: string, profileId: string): readonly string[] | undefined {
    const fact = this.#facts.get(profileId);
    const destinations = fact?.destinationsBySource[region];
    if (!fact || !destinations) return undefined;
    if (destinations === EVERYWHERE) return [modelArn(region, fact.modelId), modelArn('', fact.modelId)];
    return destinations.map((destination) => modelArn(destination, fact.modelId));
  }

  #override(account: string, region: string, profileId: string): ProfileOverride | undefined {
    const general = this.overrides.get(overrideKey(region, undefined, profileId));
    const own = this.overrides.get(overrideKey(region, account, profileId));
    return own && general ? { ...general, ...own } : (own ?? general);
  }
}
