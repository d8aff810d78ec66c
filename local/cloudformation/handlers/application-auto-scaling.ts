/** What scales by itself: environments that stand ready behind an alias, and copies of an inference component. */
import { DescribeInferenceComponentCommand } from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../cloud.ts';
import { readScheduleExpression } from '../parts/schedule-expression.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

/** What can be scaled, by the dimension that says so. */
const dimensions: Readonly<Record<string, { readonly service: string; readonly id: RegExp }>> = {
  'lambda:function:ProvisionedConcurrency': { service: 'lambda', id: /^function:([\w-]+):([\w-]+)$/ },
  'sagemaker:inference-component:DesiredCopyCount': {
    service: 'sagemaker',
    id: /^inference-component\/([\w-]+)$/,
  },
};

export const scalableTarget: ResourceHandler<Cloud> = {
  type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  properties: {
    MaxCapacity: 'number',
    MinCapacity: 'number',
    ResourceId: 'text',
    RoleARN: 'text',
    ScalableDimension: 'text',
    ScheduledActions: [
      {
        ScalableTargetAction: { MaxCapacity: 'number', MinCapacity: 'number' },
        Schedule: 'text',
        ScheduledActionName: 'text',
        Timezone: 'text',
      },
    ],
    ServiceNamespace: 'text',
    Tags: tagsShape,
  },
  required: ['MaxCapacity', 'MinCapacity', 'ResourceId', 'ScalableDimension', 'ServiceNamespace'],
  createOnly: ['ResourceId', 'ScalableDimension', 'ServiceNamespace'],
  create: (request, cloud) => register(request, cloud),
  update: ({ request }, cloud) => register(request, cloud),
  async remove({ made }, { kept }) {
    kept.delete(made.physicalId);
  },
};

async function register(request: ResourceRequest, cloud: Cloud): Promise<Made> {
  const { properties, account, region } = request;
  const { MinCapacity, MaxCapacity, ResourceId, ScalableDimension, ServiceNamespace } = properties;
  checkBounds({ MinCapacity, MaxCapacity }, 'the target');
  const dimension = dimensions[String(ScalableDimension)];
  if (dimension === undefined || dimension.service !== ServiceNamespace)
    throw new Error(
      `ScalableDimension ${String(ScalableDimension)} of ${String(ServiceNamespace)}: not known`,
    );
  const [, name = '', alias = ''] = dimension.id.exec(String(ResourceId)) ?? [];
  if (name === '') throw new Error(`ResourceId ${String(ResourceId)} names nothing of ${dimension.service}`);
  for (const action of (properties.ScheduledActions ?? []) as Json[]) {
    readScheduleExpression(String(action.Schedule));
    checkBounds(action.ScalableTargetAction as Json, String(action.ScheduledActionName));
  }
  if (dimension.service === 'lambda') {
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}:${alias}`;
    await cloud.functions.keepReady(arn, Number(MinCapacity));
  } else {
    const asked = new DescribeInferenceComponentCommand({ InferenceComponentName: name });
    await cloud.clients.sagemaker(request).send(asked);
  }
  const physicalId = targetId(request);
  cloud.kept.set(physicalId, properties);
  return { physicalId, attributes: { Id: physicalId } };
}

/** Unlike CloudFormation's it says where it is: it is the only key that policies name it by. */
const targetId = ({ account, region, properties }: ResourceRequest): string =>
  [account, region, properties.ResourceId, properties.ScalableDimension, properties.ServiceNamespace].join(
    '|',
  );

function checkBounds({ MinCapacity, MaxCapacity }: Json, of: string): void {
  if (Number(MinCapacity) >= 0 && Number(MinCapacity) <= Number(MaxCapacity)) return;
  throw new Error(
    `MinCapacity ${String(MinCapacity)} of ${of} is more than MaxCapacity ${String(MaxCapacity)}`,
  );
}

/** Metrics that a service measures for this, by its dimension. */
const predefinedMetrics: Readonly<Record<string, string>> = {
  LambdaProvisionedConcurrencyUtilization: 'lambda:function:ProvisionedConcurrency',
  SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution:
    'sagemaker:inference-component:DesiredCopyCount',
};

export const scalingPolicy: ResourceHandler<Cloud> = {
  type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
  properties: {
    PolicyName: 'text',
    PolicyType: 'text',
    ScalingTargetId: 'text',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'text',
      Cooldown: 'number',
      MetricAggregationType: 'text',
      StepAdjustments: [
        {
          MetricIntervalLowerBound: 'number',
          MetricIntervalUpperBound: 'number',
          ScalingAdjustment: 'number',
        },
      ],
    },
    TargetTrackingScalingPolicyConfiguration: {
      CustomizedMetricSpecification: {
        Dimensions: [{ Name: 'text', Value: 'text' }],
        MetricName: 'text',
        Namespace: 'text',
        Statistic: 'text',
      },
      DisableScaleIn: 'boolean',
      PredefinedMetricSpecification: { PredefinedMetricType: 'text' },
      ScaleInCooldown: 'number',
      ScaleOutCooldown: 'number',
      TargetValue: 'number',
    },
  },
  required: ['PolicyName', 'PolicyType', 'ScalingTargetId'],
  createOnly: ['PolicyName', 'ScalingTargetId'],
  create: async (request, cloud) => putPolicy(request, cloud),
  update: async ({ request }, cloud) => putPolicy(request, cloud),
  async remove({ made }, { kept }) {
    kept.delete(made.physicalId);
  },
};

const needed: Readonly<Record<string, string>> = {
  StepScaling: 'StepScalingPolicyConfiguration',
  TargetTrackingScaling: 'TargetTrackingScalingPolicyConfiguration',
};

function putPolicy(request: ResourceRequest, { kept }: Cloud): Made {
  const { account, region, properties } = request;
  const { PolicyName, PolicyType, ScalingTargetId } = properties;
  const target = kept.get(String(ScalingTargetId));
  if (target === undefined)
    throw new Error(`ObjectNotFoundException: there is no target ${String(ScalingTargetId)}`);
  const configuration = properties[needed[String(PolicyType)] ?? ''] as Json | undefined;
  if (configuration === undefined)
    throw new Error(`PolicyType ${String(PolicyType)} wants ${needed[String(PolicyType)] ?? 'another name'}`);
  const { PredefinedMetricType: metric } = (configuration.PredefinedMetricSpecification ?? {}) as Json;
  if (metric !== undefined && predefinedMetrics[String(metric)] !== target.ScalableDimension)
    throw new Error(`PredefinedMetricType ${String(metric)} is none of ${String(target.ScalableDimension)}`);
  const place = `${String(target.ServiceNamespace)}/${String(target.ResourceId)}`;
  const arn = `arn:aws:autoscaling:${region}:${account}:scalingPolicy:resource/${place}:policyName/${String(PolicyName)}`;
  kept.set(arn, properties);
  return { physicalId: arn, attributes: { Arn: arn } };
}
