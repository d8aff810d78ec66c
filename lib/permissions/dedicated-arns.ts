import type { SpillwayConfig } from '#contract/config.ts';
import type { Place } from '../places.ts';

/** An endpoint, and its inference component where it has one. */
interface EndpointNames {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly component?: string | undefined;
}

/** ARNs of the configured endpoints and inference components of an account, in one region or in all. */
export function dedicatedArns(
  config: SpillwayConfig,
  place: Pick<Place, 'account'> & { readonly region?: string },
): readonly string[] {
  const arns = Object.values(config.models)
    .flatMap((model) => model.dedicated)
    .filter(({ account, region }) => account === place.account && region === (place.region ?? region))
    .flatMap(arnsOfEndpoint);
  return [...new Set(arns)];
}

/**
 * SageMaker has long put names into ARNs in lower case, and IAM compares ARNs by case: a name with capitals stands in
 * both spellings.
 */
export function arnsOfEndpoint({ account, region, endpoint, component }: EndpointNames): readonly string[] {
  const resources = [
    `endpoint/${endpoint}`,
    ...(component === undefined ? [] : [`inference-component/${component}`]),
  ];
  const spelled = resources.flatMap((resource) => [resource, resource.toLowerCase()]);
  return [...new Set(spelled)].map((resource) => `arn:aws:sagemaker:${region}:${account}:${resource}`);
}
