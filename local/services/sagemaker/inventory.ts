import type {
  ContainerDefinition,
  InferenceComponentSpecification,
  ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import type { Scaling } from './capacity.ts';

interface StoredModel {
  readonly name: string;
  readonly arn: string;
  readonly container: ContainerDefinition;
}

interface StoredConfig {
  readonly name: string;
  readonly arn: string;
  readonly variants: readonly ProductionVariant[];
}

export interface StoredVariant {
  readonly definition: ProductionVariant;
  readonly instances: Scaling;
  readonly weight: number;
}

export interface StoredEndpoint {
  readonly name: string;
  readonly arn: string;
  readonly configName: string;
  readonly variants: readonly StoredVariant[];
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface StoredComponent {
  readonly name: string;
  readonly arn: string;
  readonly endpointName: string;
  readonly variantName: string;
  readonly specification: InferenceComponentSpecification;
  readonly copies: Scaling;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** What one account has in one region, by name. */
export interface Shelf {
  readonly models: Map<string, StoredModel>;
  readonly configs: Map<string, StoredConfig>;
  readonly endpoints: Map<string, StoredEndpoint>;
  readonly components: Map<string, StoredComponent>;
}

/** The SageMaker resources of every account and region. */
export class Inventory {
  readonly #shelves = new Map<string, Shelf>();

  shelf({ account, region }: { readonly account: string; readonly region: string }): Shelf {
    const key = `${account}/${region}`;
    const found = this.#shelves.get(key);
    if (found) return found;
    const made: Shelf = {
      models: new Map(),
      configs: new Map(),
      endpoints: new Map(),
      components: new Map(),
    };
    this.#shelves.set(key, made);
    return made;
  }
}

/** Components of an endpoint, in the order in which they were made. */
export function componentsOf(shelf: Shelf, endpointName: string): readonly StoredComponent[] {
  return [...shelf.components.values()].filter((component) => component.endpointName === endpointName);
}

/** Environment of the container behind a variant or a component: where an engine's settings stand. */
export function environmentOf(
  shelf: Shelf,
  part: {
    readonly modelName?: string | undefined;
    readonly environment?: Record<string, string> | undefined;
  },
): Readonly<Record<string, string>> {
  const model = part.modelName === undefined ? undefined : shelf.models.get(part.modelName);
  return { ...model?.container.Environment, ...part.environment };
}
