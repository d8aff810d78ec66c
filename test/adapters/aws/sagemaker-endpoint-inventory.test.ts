import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { createSageMakerEndpointInventory } from '#adapters/aws/sagemaker-endpoint-inventory.ts';

const { signal } = new AbortController();

/** SageMaker's answers by operation; a client that never opens a connection. */
function inventory(answers: Readonly<Record<string, object>>) {
  const client = new SageMakerClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    (_next, context) => async () => {
      const answer = answers[String(context.commandName)];
      if (answer instanceof Error) throw answer;
      return { output: { $metadata: {}, ...answer }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return createSageMakerEndpointInventory(client);
}

const missing = Object.assign(new Error('Could not find endpoint "gpu".'), {
  name: 'ValidationException',
  $metadata: { httpStatusCode: 400 },
});
const component = {
  EndpointName: 'gpu',
  InferenceComponentStatus: 'InService',
  RuntimeConfig: { CurrentCopyCount: 2, DesiredCopyCount: 3 },
};

describe('SageMaker’s endpoints', () => {
  it('count instances of all variants where there is no component', async () => {
    const ProductionVariants = [
      { CurrentInstanceCount: 1, DesiredInstanceCount: 2 },
      { CurrentInstanceCount: 2, DesiredInstanceCount: 2 },
    ];
    const store = inventory({ DescribeEndpointCommand: { EndpointStatus: 'InService', ProductionVariants } });
    expect(await store.loadEndpoint({ endpoint: 'gpu' }, signal)).toEqual({
      status: 'InService',
      copiesInService: 3,
      copiesDesired: 4,
    });
  });

  it('count copies of the component where there is one', async () => {
    const store = inventory({
      DescribeEndpointCommand: {
        EndpointStatus: 'InService',
        ProductionVariants: [{ CurrentInstanceCount: 9 }],
      },
      DescribeInferenceComponentCommand: component,
    });
    expect(await store.loadEndpoint({ endpoint: 'gpu', component: 'part' }, signal)).toEqual({
      status: 'InService',
      copiesInService: 2,
      copiesDesired: 3,
    });
  });

  it('are missing when SageMaker says so in words, or the component stands on another endpoint', async () => {
    expect(
      await inventory({ DescribeEndpointCommand: missing }).loadEndpoint({ endpoint: 'gpu' }, signal),
    ).toBeUndefined();
    const elsewhere = inventory({
      DescribeEndpointCommand: { EndpointStatus: 'InService' },
      DescribeInferenceComponentCommand: { ...component, EndpointName: 'other' },
    });
    expect(await elsewhere.loadEndpoint({ endpoint: 'gpu', component: 'part' }, signal)).toBeUndefined();
  });

  it('are never missing because a call failed', async () => {
    const broken = Object.assign(new Error('slow down'), { name: 'ThrottlingException', $metadata: {} });
    await expect(
      inventory({ DescribeEndpointCommand: broken }).loadEndpoint({ endpoint: 'gpu' }, signal),
    ).rejects.toMatchObject({ code: 'throttled' });
  });
});
