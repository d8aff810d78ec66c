import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { DedicatedEndpoint, type DedicatedEndpointProps } from '#lib/constructs/dedicated-endpoint.ts';
import { aDeployment } from '#test/builders/a-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { built } from '#test/lib/built.ts';
import { identityStatements } from '#test/lib/synthesized.ts';

const deployed = (props: Partial<DedicatedEndpointProps> = {}) =>
  built((stack) => {
    new DedicatedEndpoint(stack, 'Chat', { deployment: aDeployment(), facts: shippedFacts, ...props });
  });

describe('DedicatedEndpoint', () => {
  it('is an endpoint with one component, placed by its GPUs and memory', () => {
    const template = deployed();
    template.hasResourceProperties('AWS::SageMaker::Endpoint', { EndpointName: 'chat-small' });
    template.hasResourceProperties('AWS::SageMaker::InferenceComponent', {
      InferenceComponentName: 'chat-small-copies',
      VariantName: 'AllTraffic',
      RuntimeConfig: { CopyCount: 2 },
      Specification: {
        ComputeResourceRequirements: {
          NumberOfAcceleratorDevicesRequired: 1,
          MinMemoryRequiredInMb: 24_576,
        },
        DataCacheConfig: { EnableCaching: true },
      },
    });
  });

  it('lets containers call nobody where their weights come from a bucket, and the hub where they come from there', () => {
    deployed().hasResourceProperties('AWS::SageMaker::EndpointConfig', { EnableNetworkIsolation: true });
    const weights = {
      from: 'hugging-face',
      id: 'acme/chat',
      revision: '0123456789abcdef0123456789abcdef01234567',
    } as const;
    deployed({ deployment: aDeployment({ weights, cpuCoresPerCopy: 4 }) }).hasResourceProperties(
      'AWS::SageMaker::EndpointConfig',
      { EnableNetworkIsolation: false },
    );
  });

  it('stands in a network of one’s own, with an image of one’s own', () => {
    const template = deployed({
      network: { subnets: ['subnet-01234567'], securityGroups: ['sg-01234567'] },
      image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/lmi:1',
    });
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      VpcConfig: { Subnets: ['subnet-01234567'], SecurityGroupIds: ['sg-01234567'] },
    });
    expect(JSON.stringify(identityStatements(template))).toContain(':111111111111:repository/lmi');
  });

  it('scales after the component stands, since a target that does not exist cannot be registered', () => {
    const template = deployed();
    const [component] = Object.keys(template.findResources('AWS::SageMaker::InferenceComponent'));
    const [target] = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
    expect(target?.DependsOn).toContain(component);
  });

  it('makes no template of a deployment that contradicts itself, and says everything that is wrong', () => {
    const deployment = aDeployment({ contextTokensMax: 900_000, copies: 9 });
    expect(() => deployed({ deployment })).toThrow(
      /^endpoint chat-small\ncontextTokensMax: 900000 does not fit: .*\ncopies: 9 to start with;/,
    );
    expect(() => deployed({ deployment: aDeployment({ region: 'eu-west-3' }) })).toThrow(/in eu-west-3/);
  });

  it('may be called by whom it is granted to, made here or before', () => {
    const invoke = (existing: boolean) =>
      built((stack) => {
        const names = { endpointName: 'chat-small', componentName: 'chat-small-copies' };
        const endpoint = existing
          ? DedicatedEndpoint.fromEndpointName(stack, 'Chat', names)
          : new DedicatedEndpoint(stack, 'Chat', { deployment: aDeployment(), facts: shippedFacts });
        endpoint.grantInvoke(
          new Role(stack, 'App', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
        );
        expect(endpoint.metricConcurrentRequestsPerCopy().dimensions).toEqual({
          InferenceComponentName: 'chat-small-copies',
        });
        expect(endpoint.metricNoCapacityInvocationFailures().metricName).toBe('NoCapacityInvocationFailures');
      });
    for (const existing of [true, false]) {
      const granted = identityStatements(invoke(existing)).filter(({ Action }) =>
        Action.includes('sagemaker:InvokeEndpoint'),
      );
      expect(granted).toMatchObject([
        {
          Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
          Resource: [
            'arn:aws:sagemaker:us-east-1:111111111111:endpoint/chat-small',
            'arn:aws:sagemaker:us-east-1:111111111111:inference-component/chat-small-copies',
          ],
        },
      ]);
    }
  });
});
