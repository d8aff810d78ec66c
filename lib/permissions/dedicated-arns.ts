import type { SpillwayConfig } from '#contract/config.ts';
import type { Place } from '../places.ts';

/**
 * ARNs of the configured endpoints and inference components of an account, in one region or in all.
 *
 * SageMaker has long put names into ARNs in lower case, and IAM compares ARNs by case: a name with capitals stands in
 * both spellings.
 */
export function dedicatedArns(
  config: SpillwayConfig,
  place: Pick<Place, 'account'> & { readonly region?: string },
): readonly string[] {
  const arns = Object.values(config.models)
    .flatMap((model) => model.dedicated)
    .filter(({ account, region }) => account === place.account && region === (place.region ?? region))
    .flatMap(({ region, account, endpoint, component }) => {
      const resources = [
        `endpoint/${endpoint}`,
        ...(component === undefined ? [] : [`inference-component/${component}`]),
      ];
      return resources
        .flatMap((resource) => [resource, resource.toLowerCase()])
        .map((resource) => `arn:aws:sagemaker:${region}:${account}:${resource}`);
    });
  return [...new Set(arns)];
}
