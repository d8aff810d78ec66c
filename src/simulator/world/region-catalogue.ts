import { houseError } from '#core/errors/catalogue.ts';
import type { HouseError } from '#core/errors/house-error.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { EVERYWHERE } from '#core/residency/reach.ts';
import type { EndpointInventory, EndpointStatus } from '#usecases/ports/endpoint-inventory.ts';
import type {
  ListedModel,
  ListedProfile,
  ModelAvailability,
  ModelCatalogue,
} from '#usecases/ports/model-catalogue.ts';
import type { QuotaInventory } from '#usecases/ports/quota-inventory.ts';

/** How the control-plane APIs of one region behave. */
export type CatalogueTrouble = 'none' | 'throttled' | 'empty' | 'poisoned';

/** What AWS would answer of one region to whoever asks, today. */
export interface RegionTruth {
  readonly region: string;
  trouble: CatalogueTrouble;
  /** Base model ids that left the region's lists, for good or by mistake. */
  readonly gone: Set<string>;
  /** Copies in service by endpoint name. */
  copiesOf(endpoint: string): EndpointStatus | undefined;
}

/** Bedrock's and SageMaker's control planes of one account and region, out of the facts and the world's truth. */
export class RegionCatalogue implements ModelCatalogue, EndpointInventory, QuotaInventory {
  readonly #facts: CompiledFacts;
  readonly #models: readonly string[];
  readonly #truth: RegionTruth;

  /** @param models base model ids that the world knows */
  constructor(facts: CompiledFacts, models: readonly string[], truth: RegionTruth) {
    this.#facts = facts;
    this.#models = models;
    this.#truth = truth;
  }

  async listModels(): Promise<readonly ListedModel[]> {
    return this.#answer(() => this.#listed().map((modelId) => this.#modelRow(modelId)));
  }

  async listProfiles(): Promise<readonly ListedProfile[]> {
    return this.#answer(() =>
      this.#listed().flatMap((modelId) =>
        this.#facts
          .profilesFor(modelId, this.#truth.region)
          .map((profileId) => this.#profileRow(modelId, profileId)),
      ),
    );
  }

  async loadAvailability(modelId: string): Promise<ModelAvailability | undefined> {
    this.#failWhenThrottled();
    if (!this.#listed().includes(modelId)) return undefined;
    return {
      modelId,
      agreement: 'AVAILABLE',
      authorization: 'AUTHORIZED',
      entitlement: 'AVAILABLE',
      region: 'AVAILABLE',
    };
  }

  async loadEndpoint({ endpoint }: { readonly endpoint: string }): Promise<EndpointStatus | undefined> {
    this.#failWhenThrottled();
    return this.#truth.copiesOf(endpoint);
  }

  async listQuotas(): Promise<{ readonly quotas: readonly [] }> {
    return { quotas: [] };
  }

  #listed(): readonly string[] {
    const { region, gone } = this.#truth;
    return this.#models.filter(
      (modelId) =>
        !gone.has(modelId) &&
        (this.#facts.plainOffered(modelId, region) || this.#facts.profilesFor(modelId, region).length > 0),
    );
  }

  #modelRow(modelId: string): ListedModel {
    const { capabilities } = this.#facts.capabilitiesOf(modelId);
    const plain = this.#facts.plainOffered(modelId, this.#truth.region);
    return {
      modelId,
      name: modelId,
      provider: modelId.split('.')[0] ?? '',
      inputModalities: capabilities.input ?? ['TEXT'],
      outputModalities: capabilities.output ?? ['TEXT'],
      streaming: true,
      inferenceTypes: plain ? ['ON_DEMAND'] : ['INFERENCE_PROFILE'],
      lifecycle: this.#facts.lifecycleOf(modelId) ?? 'ACTIVE',
    };
  }

  #profileRow(modelId: string, profileId: string): ListedProfile {
    const { region, trouble } = this.#truth;
    const destinations = this.#facts.destinationsOf(profileId, region) ?? [];
    // Poisoned: the list says that a geographic profile stays at home, whatever it does.
    const told = trouble === 'poisoned' ? [region] : destinations;
    return {
      profileId,
      type: 'SYSTEM_DEFINED',
      status: 'ACTIVE',
      modelArns: told.map(
        (each) => `arn:aws:bedrock:${each === EVERYWHERE ? '' : each}::foundation-model/${modelId}`,
      ),
    };
  }

  #answer<Row>(rows: () => readonly Row[]): readonly Row[] {
    this.#failWhenThrottled();
    return this.#truth.trouble === 'empty' ? [] : rows();
  }

  #failWhenThrottled(): void {
    if (this.#truth.trouble === 'throttled') throw throttled();
  }
}

function throttled(): HouseError {
  return houseError('throttled', { message: 'the region answers none of these now' });
}
