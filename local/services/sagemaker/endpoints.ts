import type {
  CreateEndpointInput,
  DeleteEndpointInput,
  DescribeEndpointInput,
  DescribeEndpointOutput,
  UpdateEndpointWeightsAndCapacitiesInput,
} from '@aws-sdk/client-sagemaker';
import type { CallContext } from '../../service.ts';
import { type Copies, settled } from './capacity.ts';
import type { Fleet } from './fleet.ts';
import { componentsOf, type Shelf, type StoredEndpoint, type StoredVariant } from './inventory.ts';
import { checkName, existing, invalid, missing, sagemakerArn } from './refusals.ts';

/** An endpoint is in service as soon as it is made: a stand-in makes nobody wait for its first start. */
export function createEndpoint({ inventory }: Fleet, input: CreateEndpointInput, context: CallContext) {
  const name = checkName(input.EndpointName, 'endpointName');
  const arn = sagemakerArn(context, 'endpoint', name);
  const { endpoints, configs } = inventory.shelf(context);
  if (endpoints.has(name)) throw existing('endpoint', arn);
  const config = configs.get(input.EndpointConfigName ?? '');
  if (!config) {
    throw missing(
      'endpoint configuration',
      sagemakerArn(context, 'endpoint-config', input.EndpointConfigName ?? ''),
    );
  }
  const now = new Date();
  const variants = config.variants.map((definition) => ({
    definition,
    instances: settled(definition.InitialInstanceCount ?? 1),
    weight: definition.InitialVariantWeight ?? 1,
  }));
  endpoints.set(name, { name, arn, configName: config.name, variants, createdAt: now, changedAt: now });
  return { EndpointArn: arn };
}

export function describeEndpoint(
  fleet: Fleet,
  input: DescribeEndpointInput,
  context: CallContext,
): DescribeEndpointOutput {
  const shelf = fleet.inventory.shelf(context);
  const endpoint = findEndpoint(shelf, input.EndpointName, context);
  const instances = endpoint.variants.map((variant) =>
    instancesOf(fleet, { shelf, endpoint, variant }, context),
  );
  const moving = instances.some(({ current, desired }) => current < desired);
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.configName,
    EndpointStatus: moving ? 'Updating' : 'InService',
    ProductionVariants: endpoint.variants.map(({ definition, weight }, index) => ({
      VariantName: definition.VariantName,
      CurrentWeight: weight,
      DesiredWeight: weight,
      CurrentInstanceCount: instances[index]?.current,
      DesiredInstanceCount: instances[index]?.desired,
      ManagedInstanceScaling: definition.ManagedInstanceScaling,
      RoutingConfig: definition.RoutingConfig,
    })),
    CreationTime: endpoint.createdAt,
    LastModifiedTime: endpoint.changedAt,
  };
}

export function updateEndpointWeightsAndCapacities(
  { inventory, capacity }: Fleet,
  input: UpdateEndpointWeightsAndCapacitiesInput,
  context: CallContext,
) {
  const shelf = inventory.shelf(context);
  const endpoint = findEndpoint(shelf, input.EndpointName, context);
  const wanted = new Map(
    (input.DesiredWeightsAndCapacities ?? []).map((entry) => [entry.VariantName, entry]),
  );
  const unknown = [...wanted.keys()].find(
    (name) => !endpoint.variants.some(({ definition }) => definition.VariantName === name),
  );
  if (unknown !== undefined) throw invalid(`The endpoint ${endpoint.name} has no variant ${unknown}.`);
  const place = { region: context.region, endpoint: endpoint.name };
  const variants = endpoint.variants.map((variant) => {
    const { DesiredInstanceCount: count, DesiredWeight: weight } =
      wanted.get(variant.definition.VariantName) ?? {};
    const instances =
      count === undefined ? variant.instances : capacity.order(variant.instances, count, place);
    return { ...variant, instances, weight: weight ?? variant.weight };
  });
  shelf.endpoints.set(endpoint.name, { ...endpoint, variants, changedAt: new Date() });
  return { EndpointArn: endpoint.arn };
}

/** Refused while inference components stand on the endpoint, as in AWS. */
export function deleteEndpoint({ inventory }: Fleet, input: DeleteEndpointInput, context: CallContext) {
  const shelf = inventory.shelf(context);
  const endpoint = findEndpoint(shelf, input.EndpointName, context);
  if (componentsOf(shelf, endpoint.name).length > 0) {
    throw invalid(`Cannot delete endpoint "${endpoint.arn}" because it has inference components.`);
  }
  shelf.endpoints.delete(endpoint.name);
  return {};
}

export function findEndpoint(shelf: Shelf, name: string | undefined, context: CallContext): StoredEndpoint {
  const endpoint = shelf.endpoints.get(name ?? '');
  if (!endpoint) throw missing('endpoint', sagemakerArn(context, 'endpoint', name ?? ''));
  return endpoint;
}

/**
 * Instances of a variant. With inference components the copies are theirs and instances follow: none while no copy is
 * wanted and the variant may go to zero. Without, an instance is a copy.
 */
function instancesOf(
  { capacity }: Fleet,
  place: { readonly shelf: Shelf; readonly endpoint: StoredEndpoint; readonly variant: StoredVariant },
  context: CallContext,
): Copies {
  const { shelf, endpoint, variant } = place;
  const at = { region: context.region, endpoint: endpoint.name };
  const components = componentsOf(shelf, endpoint.name);
  if (components.length === 0) return capacity.copies(variant.instances, at);
  const wanted = components.some(({ copies }) => capacity.copies(copies, at).desired > 0);
  const count = wanted
    ? variant.instances.desired
    : (variant.definition.ManagedInstanceScaling?.MinInstanceCount ?? 0);
  return { desired: count, current: count };
}
