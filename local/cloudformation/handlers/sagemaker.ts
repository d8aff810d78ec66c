/** Endpoints of one's own: models, configurations, endpoints and their components, made by SageMaker's own API. */
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateInferenceComponentCommand,
  type CreateInferenceComponentCommandInput,
  CreateModelCommand,
  type CreateModelCommandInput,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteInferenceComponentCommand,
  DeleteModelCommand,
} from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

export const model: ResourceHandler<Cloud> = {
  type: 'AWS::SageMaker::Model',
  properties: {
    EnableNetworkIsolation: 'boolean',
    ExecutionRoleArn: 'text',
    ModelName: 'text',
    PrimaryContainer: {
      Environment: 'json',
      Image: 'text',
      ModelDataSource: { S3DataSource: { CompressionType: 'text', S3DataType: 'text', S3Uri: 'text' } },
    },
    Tags: tagsShape,
  },
  required: ['ExecutionRoleArn', 'PrimaryContainer'],
  createOnly: [],
  async create(request, cloud) {
    const ModelName = String(request.properties.ModelName ?? request.nameOf(63));
    await requireStart(request, cloud);
    const { Tags: _, ...properties } = request.properties;
    const input = { ...properties, ModelName } as CreateModelCommandInput;
    const { ModelArn = '' } = await cloud.clients.sagemaker(request).send(new CreateModelCommand(input));
    return { physicalId: ModelArn, attributes: { ModelName } };
  },
  async remove({ request, made }, { clients }) {
    const { ModelName } = made.attributes;
    await clients.sagemaker(request).send(new DeleteModelCommand({ ModelName }));
  },
};

/** What a copy does before it answers, under the role of the model: fetch its image, and its weights from their bucket. */
async function requireStart(request: ResourceRequest, { access }: Cloud): Promise<void> {
  const { properties, account, region } = request;
  const roleArn = String(properties.ExecutionRoleArn);
  const context = { 'aws:SourceAccount': account };
  await access.assume('sagemaker.amazonaws.com', roleArn, { account, region, context });
  const { Image, ModelDataSource } = properties.PrimaryContainer as Json;
  const [, registry, imageRegion, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)[:@]/.exec(String(Image)) ?? [];
  if (registry === undefined) throw new Error(`Image ${String(Image)} is none of ECR`);
  const image = `arn:aws:ecr:${imageRegion}:${registry}:repository/${repository}`;
  const source = (ModelDataSource as Json | undefined)?.S3DataSource as Json | undefined;
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(String(source?.S3Uri)) ?? [];
  if (source !== undefined && (bucket === undefined || !prefix.endsWith('/')))
    throw new Error(`S3Uri ${String(source.S3Uri)} is no folder of a bucket`);
  const weights =
    bucket === undefined
      ? []
      : [
          {
            action: 's3:ListBucket',
            resource: `arn:aws:s3:::${bucket}`,
            context: { 's3:prefix': prefix },
          },
          { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${prefix}config.json` },
        ];
  const questions = [
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    { action: 'ecr:BatchGetImage', resource: image },
    { action: 'ecr:GetDownloadUrlForLayer', resource: image },
    ...weights,
  ];
  for (const question of questions) {
    // Buckets and repositories of others let their readers in by policies that are not here.
    await access.require(roleArn, { ...question, account }, region);
  }
}

export const endpointConfig: ResourceHandler<Cloud> = {
  type: 'AWS::SageMaker::EndpointConfig',
  properties: {
    EnableNetworkIsolation: 'boolean',
    EndpointConfigName: 'text',
    ExecutionRoleArn: 'text',
    ProductionVariants: [
      {
        InferenceAmiVersion: 'text',
        InitialInstanceCount: 'number',
        InstanceType: 'text',
        ManagedInstanceScaling: { MaxInstanceCount: 'number', MinInstanceCount: 'number', Status: 'text' },
        RoutingConfig: { RoutingStrategy: 'text' },
        VariantName: 'text',
      },
    ],
    Tags: tagsShape,
  },
  required: ['ProductionVariants'],
  createOnly: [],
  async create(request, { clients, access }) {
    const { properties, account, region } = request;
    const EndpointConfigName = String(properties.EndpointConfigName ?? request.nameOf(63));
    if (properties.ExecutionRoleArn !== undefined) {
      const context = { 'aws:SourceAccount': account };
      await access.assume('sagemaker.amazonaws.com', String(properties.ExecutionRoleArn), {
        account,
        region,
        context,
      });
    }
    for (const variant of properties.ProductionVariants as Json[]) checkInstances(variant);
    const { Tags: _, ...given } = properties;
    const input = { ...given, EndpointConfigName } as CreateEndpointConfigCommandInput;
    const { EndpointConfigArn = '' } = await clients
      .sagemaker(request)
      .send(new CreateEndpointConfigCommand(input));
    return { physicalId: EndpointConfigArn, attributes: { EndpointConfigName } };
  },
  async remove({ request, made }, { clients }) {
    const { EndpointConfigName } = made.attributes;
    await clients.sagemaker(request).send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
  },
};

function checkInstances({ VariantName, InitialInstanceCount = 0, ManagedInstanceScaling }: Json): void {
  const { MinInstanceCount = 0, MaxInstanceCount = Number.MAX_SAFE_INTEGER } = (ManagedInstanceScaling ??
    {}) as Json;
  const [initial, min, max] = [InitialInstanceCount, MinInstanceCount, MaxInstanceCount].map(Number) as [
    number,
    number,
    number,
  ];
  if (min <= initial && initial <= max) return;
  throw new Error(
    `the variant ${String(VariantName)} begins with ${initial} instances, which are not of ${min} to ${max}`,
  );
}

export const endpoint: ResourceHandler<Cloud> = {
  type: 'AWS::SageMaker::Endpoint',
  properties: { EndpointConfigName: 'text', EndpointName: 'text', Tags: tagsShape },
  required: ['EndpointConfigName'],
  createOnly: ['EndpointName'],
  async create(request, { clients }) {
    const EndpointName = String(request.properties.EndpointName ?? request.nameOf(63));
    const EndpointConfigName = String(request.properties.EndpointConfigName);
    const { EndpointArn = '' } = await clients
      .sagemaker(request)
      .send(new CreateEndpointCommand({ EndpointName, EndpointConfigName }));
    return { physicalId: EndpointArn, attributes: { EndpointName } };
  },
  async remove({ request, made }, { clients }) {
    const { EndpointName } = made.attributes;
    await clients.sagemaker(request).send(new DeleteEndpointCommand({ EndpointName }));
  },
};

export const inferenceComponent: ResourceHandler<Cloud> = {
  type: 'AWS::SageMaker::InferenceComponent',
  properties: {
    EndpointName: 'text',
    InferenceComponentName: 'text',
    RuntimeConfig: { CopyCount: 'number' },
    Specification: {
      ComputeResourceRequirements: {
        MinMemoryRequiredInMb: 'number',
        NumberOfAcceleratorDevicesRequired: 'number',
        NumberOfCpuCoresRequired: 'number',
      },
      DataCacheConfig: { EnableCaching: 'boolean' },
      ModelName: 'text',
      StartupParameters: {
        ContainerStartupHealthCheckTimeoutInSeconds: 'number',
        ModelDataDownloadTimeoutInSeconds: 'number',
      },
    },
    Tags: tagsShape,
    VariantName: 'text',
  },
  required: ['EndpointName', 'Specification'],
  createOnly: ['EndpointName', 'InferenceComponentName', 'VariantName'],
  async create(request, { clients }) {
    const { Tags: _, ...properties } = request.properties;
    const InferenceComponentName = String(properties.InferenceComponentName ?? request.nameOf(63));
    const input = { ...properties, InferenceComponentName } as CreateInferenceComponentCommandInput;
    const { InferenceComponentArn = '' } = await clients
      .sagemaker(request)
      .send(new CreateInferenceComponentCommand(input));
    return { physicalId: InferenceComponentArn, attributes: { InferenceComponentName } };
  },
  async remove({ request, made }, { clients }) {
    const { InferenceComponentName } = made.attributes;
    await clients.sagemaker(request).send(new DeleteInferenceComponentCommand({ InferenceComponentName }));
  },
};
