import type { ListInferenceComponentsInput, ListInferenceComponentsOutput } from '@aws-sdk/client-sagemaker';
import type { CallContext } from '../../service.ts';
import type { Fleet } from './fleet.ts';
import { componentStatus } from './inference-components.ts';
import { invalid, sagemakerArn } from './refusals.ts';

const PAGE_SIZE_DEFAULT = 10;
const PAGE_SIZE_MAX = 100;

/** Inference components page by page, in the order of their names. Copies are not shown: Describe tells them. */
export function listInferenceComponents(
  fleet: Fleet,
  input: ListInferenceComponentsInput,
  context: CallContext,
): ListInferenceComponentsOutput {
  const { MaxResults: size = PAGE_SIZE_DEFAULT, NextToken, SortBy, SortOrder } = input;
  if (!(size >= 1 && size <= PAGE_SIZE_MAX)) throw invalid(`MaxResults must be from 1 to ${PAGE_SIZE_MAX}.`);
  if (SortBy !== undefined && SortBy !== 'Name') throw invalid('Only SortBy "Name" is offered here.');
  const last = NextToken === undefined ? undefined : Buffer.from(NextToken, 'base64url').toString();
  const direction = SortOrder === 'Descending' ? -1 : 1;
  const order = (left: string, right: string) => (left < right ? -direction : direction);
  const found = matching(fleet, input, context)
    .sort((left, right) => order(left.name, right.name))
    .filter(({ name }) => last === undefined || (name !== last && order(last, name) < 0));
  const page = found.slice(0, size);
  const end = page.at(-1)?.name;
  return {
    InferenceComponents: page.map((component) => ({
      InferenceComponentName: component.name,
      InferenceComponentArn: component.arn,
      EndpointName: component.endpointName,
      EndpointArn: sagemakerArn(context, 'endpoint', component.endpointName),
      VariantName: component.variantName,
      InferenceComponentStatus: componentStatus(fleet, component, context),
      CreationTime: component.createdAt,
      LastModifiedTime: component.changedAt,
    })),
    ...(found.length > page.length && end !== undefined
      ? { NextToken: Buffer.from(end).toString('base64url') }
      : {}),
  };
}

function matching(fleet: Fleet, input: ListInferenceComponentsInput, context: CallContext) {
  const { EndpointNameEquals, VariantNameEquals, StatusEquals, NameContains } = input;
  return [...fleet.inventory.shelf(context).components.values()].filter(
    (component) =>
      (EndpointNameEquals === undefined || component.endpointName === EndpointNameEquals) &&
      (VariantNameEquals === undefined || component.variantName === VariantNameEquals) &&
      (NameContains === undefined || component.name.includes(NameContains)) &&
      (StatusEquals === undefined || componentStatus(fleet, component, context) === StatusEquals),
  );
}
