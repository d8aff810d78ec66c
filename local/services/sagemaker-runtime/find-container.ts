import { ValidationError } from '@aws-sdk/client-sagemaker-runtime';
import type { CallContext } from '../../service.ts';
import type { EndpointPlace } from '../sagemaker/auto-scaling.ts';
import type { Copies, Scaling } from '../sagemaker/capacity.ts';
import type { Fleet } from '../sagemaker/fleet.ts';
import {
  componentsOf,
  environmentOf,
  type Shelf,
  type StoredComponent,
  type StoredEndpoint,
} from '../sagemaker/inventory.ts';

/** The container that an invocation meets. */
export interface Container {
  /** One line of requests for each. */
  readonly key: string;
  readonly slots: number;
  readonly copies: number;
  readonly variantName: string;
  /** Name under which the model is served; undefined answers to every name. */
  readonly servedModel: string | undefined;
  readonly label: string;
  readonly contextTokensMax: number | undefined;
  /** TGI's, which takes its own format beside OpenAI's. */
  readonly isTgi: boolean;
}

/** Requests that one copy works on at once when its container does not say. */
const SLOTS_PER_COPY = 16;

interface Address {
  readonly EndpointName?: string | undefined;
  readonly InferenceComponentName?: string | undefined;
  readonly TargetVariant?: string | undefined;
}

/** Finds the container behind an address, or refuses as SageMaker does: unknown, or without capacity. */
export function findContainer(fleet: Fleet, address: Address, context: CallContext): Container {
  const shelf = fleet.inventory.shelf(context);
  const endpoint = shelf.endpoints.get(address.EndpointName ?? '');
  if (!endpoint) {
    throw refused(`Endpoint ${address.EndpointName} of account ${context.account} not found.`);
  }
  const { name, variantName, scaling, environment } =
    componentsOf(shelf, endpoint.name).length > 0
      ? componentPart(shelf, endpoint, address)
      : variantPart(shelf, endpoint, address);
  const place = { region: context.region, endpoint: endpoint.name };
  const copies: Copies = fleet.capacity.copies(scaling, place);
  if (copies.current === 0) {
    fleet.capacity.scaling.refused(place);
    throw refused(
      'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.',
    );
  }
  const isTgi = isTgiEnvironment(environment);
  const batch = positive(isTgi ? environment.MAX_BATCH_SIZE : environment.OPTION_MAX_ROLLING_BATCH_SIZE);
  return {
    key: containerKey({ account: context.account, ...place, part: name }),
    copies: copies.current,
    slots: copies.current * (batch ?? SLOTS_PER_COPY),
    variantName,
    servedModel: environment.OPTION_SERVED_MODEL_NAME,
    label: environment.OPTION_SERVED_MODEL_NAME ?? environment.HF_MODEL_ID ?? endpoint.name,
    contextTokensMax: positive(isTgi ? environment.MAX_TOTAL_TOKENS : environment.OPTION_MAX_MODEL_LEN),
    isTgi,
  };
}

interface ContainerAddress extends EndpointPlace {
  readonly account: string;
  /** Its component, or its variant. */
  readonly part: string;
}

function containerKey({ account, region, endpoint, part }: ContainerAddress): string {
  return `${account}/${region}/${endpoint}/${part}`;
}

/** Whether a line of requests is that of a container of the endpoint, in whatever account. */
export function isAtEndpoint(key: string, { region, endpoint }: EndpointPlace): boolean {
  const [, keyRegion, keyEndpoint] = key.split('/');
  return keyRegion === region && keyEndpoint === endpoint;
}

/** The large-model container may be told its model by the same variable, but all else as options of its own. */
function isTgiEnvironment(environment: Readonly<Record<string, string>>): boolean {
  return (
    environment.HF_MODEL_ID !== undefined &&
    !Object.keys(environment).some((name) => name.startsWith('OPTION_'))
  );
}

interface Part {
  readonly name: string;
  readonly variantName: string;
  readonly scaling: Scaling;
  readonly environment: Readonly<Record<string, string>>;
}

function componentPart(shelf: Shelf, endpoint: StoredEndpoint, address: Address): Part {
  const { InferenceComponentName: name } = address;
  if (name === undefined) {
    throw refused(
      'Inference Component Name header is required for endpoints to which you plan to deploy inference components. Please include Inference Component Name header or consider using SageMaker models.',
    );
  }
  const component = shelf.components.get(name);
  if (component?.endpointName !== endpoint.name) throw refused(`Inference Component ${name} not found.`);
  return {
    name,
    variantName: component.variantName,
    scaling: component.copies,
    environment: componentEnvironment(shelf, component),
  };
}

function componentEnvironment(shelf: Shelf, { specification }: StoredComponent) {
  const { ModelName: modelName, Container: container } = specification;
  return environmentOf(shelf, { modelName, environment: container?.Environment });
}

function variantPart(shelf: Shelf, endpoint: StoredEndpoint, address: Address): Part {
  if (address.InferenceComponentName !== undefined) {
    throw refused(`Inference Component ${address.InferenceComponentName} not found.`);
  }
  const variant = endpoint.variants.find(
    ({ definition }) =>
      address.TargetVariant === undefined || definition.VariantName === address.TargetVariant,
  );
  if (!variant) throw refused(`Variant ${address.TargetVariant} not found in endpoint ${endpoint.name}.`);
  const variantName = variant.definition.VariantName ?? '';
  return {
    name: variantName,
    variantName,
    scaling: variant.instances,
    environment: environmentOf(shelf, { modelName: variant.definition.ModelName }),
  };
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function refused(message: string): ValidationError {
  return new ValidationError({ message, Message: message, $metadata: {} });
}
