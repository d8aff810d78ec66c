import { describe, expect, it } from 'vitest';
import { productionVariant } from '#lib/constructs/dedicated/production-variant.ts';
import { aSoundDeployment } from '#test/builders/a-deployment.ts';

describe('the variant of an endpoint', () => {
  it('has instances for its copies, and sends a request to where the fewest wait', () => {
    expect(productionVariant(aSoundDeployment(), undefined)).toEqual({
      variantName: 'AllTraffic',
      instanceType: 'ml.g6e.2xlarge',
      initialInstanceCount: 2,
      managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 2, maxInstanceCount: 6 },
      routingConfig: { routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
    });
  });

  it('takes several types in their order, keeps beginnings together, and runs on a named AMI', () => {
    const deployment = aSoundDeployment({
      instanceTypes: ['ml.g6e.2xlarge', 'ml.p5.4xlarge'],
      routing: { strategy: 'prefix-aware', prefixBytes: 4_096, concurrencyMax: 12 },
    });
    expect(productionVariant(deployment, 'al2-ami-sagemaker-inference-gpu-3-1')).toMatchObject({
      instancePools: [
        { instanceType: 'ml.g6e.2xlarge', priority: 1 },
        { instanceType: 'ml.p5.4xlarge', priority: 2 },
      ],
      routingConfig: {
        routingStrategy: 'PREFIX_AWARE',
        prefixAwareRoutingConfig: { prefixLength: 4_096, concurrencyThreshold: 12 },
      },
      inferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-3-1',
    });
  });
});
