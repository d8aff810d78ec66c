import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  DescribeInferenceComponentCommand,
  SageMakerClient,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { clientConfig, control } from '../local-clients.ts';

/** A first copy comes after 30 ms. */
const TIME_SCALE = 0.0001;

const policy = {
  region: 'us-east-1',
  endpoint: 'sleepy',
  copiesMin: 0,
  copiesMax: 2,
  targetConcurrencyPerCopy: 4,
};

let aws: LocalAws;
let sagemaker: SageMakerClient;
let runtime: SageMakerRuntimeClient;

const copies = async (): Promise<number | undefined> => {
  const asked = new DescribeInferenceComponentCommand({ InferenceComponentName: 'sleepy-copies' });
  return (await sagemaker.send(asked)).RuntimeConfig?.CurrentCopyCount;
};
const invoke = () =>
  runtime.send(
    new InvokeEndpointCommand({
      EndpointName: 'sleepy',
      InferenceComponentName: 'sleepy-copies',
      Body: new TextEncoder().encode(JSON.stringify({ messages: [{ role: 'user', content: 'Ship ahoy' }] })),
    }),
  );

beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: TIME_SCALE });
  sagemaker = new SageMakerClient(clientConfig(aws));
  runtime = new SageMakerRuntimeClient(clientConfig(aws));
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: 'm',
      ExecutionRoleArn: 'arn:aws:iam::111111111111:role/r',
      PrimaryContainer: { Image: 'i' },
    }),
  );
  const variant = { VariantName: 'all', InitialInstanceCount: 1, InstanceType: 'ml.g6e.xlarge' as const };
  await sagemaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: 'c', ProductionVariants: [variant] }),
  );
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'sleepy', EndpointConfigName: 'c' }));
  await sagemaker.send(
    new CreateInferenceComponentCommand({
      InferenceComponentName: 'sleepy-copies',
      EndpointName: 'sleepy',
      VariantName: 'all',
      Specification: { ModelName: 'm', ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024 } },
      RuntimeConfig: { CopyCount: 1 },
    }),
  );
});

afterEach(async () => {
  await control(aws, 'DELETE', 'scaling');
});

afterAll(async () => {
  sagemaker.destroy();
  runtime.destroy();
  await aws.close();
});

describe('the control API of scaling', () => {
  it('lets an endpoint sleep until a call has failed at it', async () => {
    await control(aws, 'PATCH', 'scaling', { ...policy, scaleInSeconds: 100_000 });
    expect(await copies()).toBe(0);
    await expect(invoke()).rejects.toThrow(/no capacity/);
    await vi.waitFor(async () => expect(await copies()).toBe(1), { timeout: 40_000, interval: 10 });
    await expect(invoke()).resolves.toMatchObject({ ContentType: 'application/json' });
  });

  it('puts it to sleep again when nobody calls', async () => {
    await control(aws, 'PATCH', 'scaling', { ...policy, copies: 2 });
    expect((await control(aws, 'GET', 'scaling')).json).toMatchObject([{ endpoint: 'sleepy' }]);
    await vi.waitFor(async () => expect(await copies()).toBe(0), { timeout: 40_000, interval: 10 });
  });

  it('ends with an order through the API of SageMaker, and with DELETE', async () => {
    await control(aws, 'PATCH', 'scaling', policy);
    const order = { InferenceComponentName: 'sleepy-copies', DesiredRuntimeConfig: { CopyCount: 1 } };
    await sagemaker.send(new UpdateInferenceComponentRuntimeConfigCommand(order));
    expect((await control(aws, 'GET', 'scaling')).json).toEqual([]);
    await vi.waitFor(async () => expect(await copies()).toBe(1), { timeout: 40_000, interval: 10 });
    await control(aws, 'PATCH', 'scaling', policy);
    expect((await control(aws, 'DELETE', 'scaling')).json).toEqual([]);
    expect(await copies()).toBe(1);
  });

  it.each([
    [{ ...policy, copiesMin: 3 }, 'copiesMin', '3 must be at most copiesMax, 2'],
    [{ ...policy, copies: 3 }, 'copies', '3 must be from 0 to 2'],
    [{ ...policy, wakeSeconds: 0 }, 'wakeSeconds', '0 must be a number above 0, at most 100000'],
    [
      { region: 'us-east-1', endpoint: 'e', copiesMin: 0, copiesMax: 1 },
      'targetConcurrencyPerCopy',
      'is required',
    ],
  ])('refuses what cannot be: %j', async (body, path, message) => {
    const refused = await control(aws, 'PATCH', 'scaling', body);
    expect(refused).toMatchObject({ status: 400, json: { violations: [{ path, message }] } });
  });
});
