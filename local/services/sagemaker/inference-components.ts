import type {
  CreateInferenceComponentInput,
  DeleteInferenceComponentInput,
  DescribeInferenceComponentInput,
  DescribeInferenceComponentOutput,
  InferenceComponentSpecification,
  InferenceComponentSpecificationSummary,
  InferenceComponentStatus,
  UpdateInferenceComponentRuntimeConfigInput,
} from '@aws-sdk/client-sagemaker';
import type { CallContext } from '../../service.ts';
import { settled } from './capacity.ts';
import { findEndpoint } from './endpoints.ts';
import type { Fleet } from './fleet.ts';
import type { Shelf, StoredComponent } from './inventory.ts';
import { checkName, existing, invalid, missing, sagemakerArn } from './refusals.ts';

export function createInferenceComponent(
  { inventory }: Fleet,
  input: CreateInferenceComponentInput,
  context: CallContext,
) {
  const name = checkName(input.InferenceComponentName, 'inferenceComponentName');
  const arn = sagemakerArn(context, 'inference-component', name);
  const shelf = inventory.shelf(context);
  if (shelf.components.has(name)) throw existing('inference component', arn);
  const endpoint = findEndpoint(shelf, input.EndpointName, context);
  const variantName = input.VariantName ?? endpoint.variants[0]?.definition.VariantName ?? '';
  if (!endpoint.variants.some(({ definition }) => definition.VariantName === variantName)) {
    throw invalid(`The endpoint ${endpoint.name} has no variant ${variantName}.`);
  }
  const specification = input.Specification ?? input.Specifications?.[0];
  if (!specification) throw invalid('Specification must be given.');
  const { ModelName: modelName } = specification;
  if (modelName !== undefined && !shelf.models.has(modelName)) {
    throw missing('model', sagemakerArn(context, 'model', modelName));
  }
  const now = new Date();
  shelf.components.set(name, {
    name,
    arn,
    endpointName: endpoint.name,
    variantName,
    specification,
    copies: settled(input.RuntimeConfig?.CopyCount ?? 1),
    createdAt: now,
    changedAt: now,
  });
  return { InferenceComponentArn: arn };
}

export function describeInferenceComponent(
  fleet: Fleet,
  input: DescribeInferenceComponentInput,
  context: CallContext,
): DescribeInferenceComponentOutput {
  const shelf = fleet.inventory.shelf(context);
  const component = findComponent(shelf, input.InferenceComponentName, context);
  const { desired, current } = fleet.capacity.copies(component.copies, placeOf(component, context));
  return {
    InferenceComponentName: component.name,
    InferenceComponentArn: component.arn,
    EndpointName: component.endpointName,
    EndpointArn: sagemakerArn(context, 'endpoint', component.endpointName),
    VariantName: component.variantName,
    Specification: specificationSummary(component.specification),
    RuntimeConfig: { DesiredCopyCount: desired, CurrentCopyCount: current },
    InferenceComponentStatus: componentStatus(fleet, component, context),
    CreationTime: component.createdAt,
    LastModifiedTime: component.changedAt,
  };
}

export function updateInferenceComponentRuntimeConfig(
  { inventory, capacity }: Fleet,
  input: UpdateInferenceComponentRuntimeConfigInput,
  context: CallContext,
) {
  const shelf = inventory.shelf(context);
  const component = findComponent(shelf, input.InferenceComponentName, context);
  const count = input.DesiredRuntimeConfig?.CopyCount;
  if (count === undefined || count < 0) throw invalid('DesiredRuntimeConfig.CopyCount must be 0 or more.');
  const copies = capacity.order(component.copies, count, placeOf(component, context));
  shelf.components.set(component.name, { ...component, copies, changedAt: new Date() });
  return { InferenceComponentArn: component.arn };
}

export function deleteInferenceComponent(
  { inventory }: Fleet,
  input: DeleteInferenceComponentInput,
  context: CallContext,
) {
  const shelf = inventory.shelf(context);
  shelf.components.delete(findComponent(shelf, input.InferenceComponentName, context).name);
  return {};
}

/** Updating while copies are on their way up, as SageMaker shows it. */
export function componentStatus(
  { capacity }: Fleet,
  component: StoredComponent,
  context: CallContext,
): InferenceComponentStatus {
  const { desired, current } = capacity.copies(component.copies, placeOf(component, context));
  return current < desired ? 'Updating' : 'InService';
}

function placeOf(component: StoredComponent, context: CallContext) {
  return { region: context.region, endpoint: component.endpointName };
}

function findComponent(shelf: Shelf, name: string | undefined, context: CallContext): StoredComponent {
  const component = shelf.components.get(name ?? '');
  if (!component)
    throw missing('inference component', sagemakerArn(context, 'inference-component', name ?? ''));
  return component;
}

function specificationSummary(
  specification: InferenceComponentSpecification,
): InferenceComponentSpecificationSummary {
  const { ModelName, Container, StartupParameters, ComputeResourceRequirements } = specification;
  return {
    ...(ModelName === undefined ? {} : { ModelName }),
    ...(Container
      ? {
          Container: {
            ...(Container.Image === undefined ? {} : { DeployedImage: { SpecifiedImage: Container.Image } }),
            ...(Container.ArtifactUrl === undefined ? {} : { ArtifactUrl: Container.ArtifactUrl }),
            ...(Container.Environment ? { Environment: Container.Environment } : {}),
          },
        }
      : {}),
    ...(StartupParameters ? { StartupParameters } : {}),
    ...(ComputeResourceRequirements ? { ComputeResourceRequirements } : {}),
  };
}
