import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { SoundDeployment } from '#core/dedicated/judge-deployment.ts';

/** An endpoint has one: what is tried beside it is tried behind the gateway. */
export const VARIANT_NAME = 'AllTraffic';

/** Which instances an endpoint has, how many, and which of them a request goes to. */
export function productionVariant(
  deployment: SoundDeployment,
  amiVersion: string | undefined,
): CfnEndpointConfig.ProductionVariantProperty {
  const { instances } = deployment;
  return {
    variantName: VARIANT_NAME,
    ...instancesOf(deployment),
    initialInstanceCount: instances.initial,
    managedInstanceScaling: {
      status: 'ENABLED',
      minInstanceCount: instances.min,
      maxInstanceCount: instances.max,
    },
    routingConfig: routingOf(deployment),
    ...(amiVersion === undefined ? {} : { inferenceAmiVersion: amiVersion }),
  };
}

function instancesOf({ instanceTypes: [first = '', ...others], instanceTypes }: SoundDeployment) {
  if (others.length === 0) return { instanceType: first };
  const instancePools = instanceTypes.map((instanceType, index) => ({ instanceType, priority: index + 1 }));
  return { instancePools };
}

function routingOf({
  routing,
  routingConcurrencyMax,
}: SoundDeployment): CfnEndpointConfig.RoutingConfigProperty {
  if (routing.strategy === 'least-outstanding-requests')
    return { routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' };
  return {
    routingStrategy: 'PREFIX_AWARE',
    prefixAwareRoutingConfig: {
      prefixLength: routing.prefixBytes,
      concurrencyThreshold: routingConcurrencyMax,
    },
  };
}
