import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteInferenceComponentCommand,
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  ListInferenceComponentsCommand,
  paginateListInferenceComponents,
  SageMakerClient,
  UpdateEndpointWeightsAndCapacitiesCommand,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { clientConfig, control, startLocalAws } from '../local-clients.ts';

let aws: LocalAws;
let sagemaker: SageMakerClient;
let elsewhere: SageMakerClient;

const describeEndpoint = (EndpointName: string) =>
  sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
const describeComponent = (InferenceComponentName: string) =>
  sagemaker.send(new DescribeInferenceComponentCommand({ InferenceComponentName }));
const patch = (body: object) => control(aws, 'PATCH', 'endpoints', body);

async function makeEndpoint(name: string, modelName?: string): Promise<void> {
  const EndpointConfigName = `${name}-config`;
  const variant = {
    VariantName: 'all',
    InitialInstanceCount: 2,
    InstanceType: 'ml.g6e.xlarge' as const,
    ...(modelName === undefined
      ? { ManagedInstanceScaling: { MinInstanceCount: 0, MaxInstanceCount: 4 } }
      : { ModelName: modelName }),
  };
  await sagemaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants: [variant] }),
  );
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName }));
}

async function makeComponent(name: string, endpoint: string, copies: number): Promise<void> {
  await sagemaker.send(
    new CreateInferenceComponentCommand({
      InferenceComponentName: name,
      EndpointName: endpoint,
      Specification: { ModelName: 'm', ComputeResourceRequirements: { MinMemoryRequiredInMb: 1_024 } },
      RuntimeConfig: { CopyCount: copies },
    }),
  );
}

beforeAll(async () => {
  aws = await startLocalAws();
  sagemaker = new SageMakerClient(clientConfig(aws));
  elsewhere = new SageMakerClient(clientConfig(aws, 'eu-west-1'));
  await sagemaker.send(new CreateModelCommand({ ModelName: 'm', PrimaryContainer: { Image: 'image' } }));
});
afterAll(async () => {
  sagemaker.destroy();
  elsewhere.destroy();
  await aws.close();
});

describe('sagemaker, called by the SDK client', () => {
  it('describes an endpoint without components by its instances', async () => {
    await makeEndpoint('plain', 'm');
    expect(await describeEndpoint('plain')).toMatchObject({
      EndpointArn: 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/plain',
      EndpointConfigName: 'plain-config',
      EndpointStatus: 'InService',
      ProductionVariants: [
        { VariantName: 'all', CurrentInstanceCount: 2, DesiredInstanceCount: 2, CurrentWeight: 1 },
      ],
    });
    const DesiredWeightsAndCapacities = [{ VariantName: 'all', DesiredInstanceCount: 5, DesiredWeight: 3 }];
    await sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: 'plain', DesiredWeightsAndCapacities }),
    );
    expect((await describeEndpoint('plain')).ProductionVariants).toMatchObject([
      { CurrentInstanceCount: 5, DesiredWeight: 3 },
    ]);
  });

  it('shows what the control API says: scaled to zero, coming up, back to what was ordered', async () => {
    await makeEndpoint('moving', 'm');
    await patch({ region: 'us-east-1', endpoint: 'moving', copies: 0 });
    expect(await describeEndpoint('moving')).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ CurrentInstanceCount: 0, DesiredInstanceCount: 0 }],
    });
    await patch({ region: 'us-east-1', endpoint: 'moving', copies: 3, warm: false });
    expect(await describeEndpoint('moving')).toMatchObject({
      EndpointStatus: 'Updating',
      ProductionVariants: [{ CurrentInstanceCount: 0, DesiredInstanceCount: 3 }],
    });
    await patch({ region: 'us-east-1', endpoint: 'moving', warm: true });
    expect(await describeEndpoint('moving')).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ CurrentInstanceCount: 3 }],
    });
    await control(aws, 'DELETE', 'endpoints');
    expect(await describeEndpoint('moving')).toMatchObject({
      ProductionVariants: [{ CurrentInstanceCount: 2 }],
    });
  });

  it('keeps an endpoint in service without copies and without instances, as InService does not mean warm', async () => {
    await makeEndpoint('parted');
    await makeComponent('part-a', 'parted', 2);
    expect(await describeComponent('part-a')).toMatchObject({
      EndpointName: 'parted',
      VariantName: 'all',
      InferenceComponentStatus: 'InService',
      RuntimeConfig: { DesiredCopyCount: 2, CurrentCopyCount: 2 },
      Specification: { ModelName: 'm' },
    });
    await sagemaker.send(
      new UpdateInferenceComponentRuntimeConfigCommand({
        InferenceComponentName: 'part-a',
        DesiredRuntimeConfig: { CopyCount: 0 },
      }),
    );
    expect(await describeComponent('part-a')).toMatchObject({
      InferenceComponentStatus: 'InService',
      RuntimeConfig: { CurrentCopyCount: 0 },
    });
    expect(await describeEndpoint('parted')).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ CurrentInstanceCount: 0 }],
    });
    await patch({ region: 'us-east-1', endpoint: 'parted', copies: 1, warm: false });
    expect(await describeComponent('part-a')).toMatchObject({
      InferenceComponentStatus: 'Updating',
      RuntimeConfig: { DesiredCopyCount: 1, CurrentCopyCount: 0 },
    });
  });

  it('lists components over pages of ten, filtered by endpoint and status', async () => {
    await makeEndpoint('crowd');
    for (let index = 10; index < 33; index += 1) await makeComponent(`crowd-${index}`, 'crowd', 1);
    const pages = [];
    for await (const page of paginateListInferenceComponents(
      { client: sagemaker },
      { EndpointNameEquals: 'crowd' },
    )) {
      pages.push((page.InferenceComponents ?? []).map((component) => component.InferenceComponentName));
    }
    expect(pages.map((page) => page.length)).toEqual([10, 10, 3]);
    expect(new Set(pages.flat()).size).toBe(23);
    const list = (input: object) => sagemaker.send(new ListInferenceComponentsCommand(input));
    expect(
      (await list({ EndpointNameEquals: 'crowd', StatusEquals: 'Creating' })).InferenceComponents,
    ).toEqual([]);
    const down = await list({
      EndpointNameEquals: 'crowd',
      SortBy: 'Name',
      SortOrder: 'Descending',
      MaxResults: 1,
    });
    expect(down.InferenceComponents?.[0]?.InferenceComponentName).toBe('crowd-32');
  });

  it('keeps regions apart and refuses what is missing, doubled, badly named or still in use', async () => {
    await makeEndpoint('here');
    await makeComponent('here-part', 'here', 1);
    await expect(elsewhere.send(new DescribeEndpointCommand({ EndpointName: 'here' }))).rejects.toThrow(
      'Could not find endpoint "arn:aws:sagemaker:eu-west-1:111111111111:endpoint/here".',
    );
    await expect(describeComponent('nothing')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(makeEndpoint('here')).rejects.toThrow(
      'Cannot create already existing endpoint configuration',
    );
    await expect(makeEndpoint('-bad')).rejects.toThrow('endpointConfigName');
    await expect(sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'here' }))).rejects.toThrow(
      'inference components',
    );
    await sagemaker.send(new DeleteInferenceComponentCommand({ InferenceComponentName: 'here-part' }));
    await sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'here' }));
    await expect(describeEndpoint('here')).rejects.toThrow('Could not find endpoint');
  });

  it('refuses a bad control request as a whole', async () => {
    const { status, json } = await patch([
      { region: 'us-east-1', endpoint: 'plain', copies: -1 },
      { region: 'us-east-1', warm: 'no' },
    ]);
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('[0].copies');
    expect(JSON.stringify(json)).toContain('[1].endpoint');
    expect(JSON.stringify(json)).toContain('[1].warm');
  });
});
