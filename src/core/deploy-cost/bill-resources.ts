import type { BillLine } from './bill-line.ts';
import { type Biller, type BillSetting, lineAt } from './bill-setting.ts';
import { type DeployedResource, listOf, membersOf, numberOf, partOf, textOf } from './deployed-stack.ts';
import { functionsOf } from './function-kind.ts';
import { HOURS_PER_MONTH } from './usage.ts';

const MS_PER_MONTH = HOURS_PER_MONTH * 3_600_000;

type Meter = (resource: DeployedResource) => readonly { readonly item: string; readonly quantity: number }[];

const one =
  (item: string): Meter =>
  () => [{ item, quantity: 1 }];

/** What costs money by being there. */
const meters: Readonly<Record<string, Meter>> = {
  'AWS::KMS::Key': one('kms-key'),
  'AWS::KMS::ReplicaKey': one('kms-key'),
  'AWS::CloudWatch::Alarm': (alarm) => [{ item: 'cloudwatch-alarm', quantity: metricsOf(alarm) }],
  'AWS::CloudWatch::CompositeAlarm': one('cloudwatch-composite-alarm'),
  // Three would be free that show fifty metrics at most, which these do not keep to.
  'AWS::CloudWatch::Dashboard': one('cloudwatch-dashboard'),
  'AWS::EC2::NatGateway': () => [{ item: 'nat-hour', quantity: HOURS_PER_MONTH }],
  'AWS::EC2::VPCEndpoint': (endpoint) => [
    { item: 'endpoint-hour', quantity: zonesOf(endpoint) * HOURS_PER_MONTH },
  ],
  'AWS::WAFv2::WebACL': ({ properties }) => [
    { item: 'waf-acl', quantity: 1 },
    { item: 'waf-rule', quantity: listOf(properties, 'Rules').length },
  ],
};

/** Types whose use is billed in other files of this folder or named in `leftOut`, or that cost nothing. */
const withoutOwnPrice: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CDK::Metadata',
  'AWS::CertificateManager::Certificate',
  'AWS::CodeBuild::Project',
  'AWS::CodePipeline::Pipeline',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Oam::Link',
  'AWS::Oam::Sink',
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::EndpointConfig',
  'AWS::SageMaker::InferenceComponent',
  'AWS::SageMaker::Model',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::WAFv2::WebACLAssociation',
]);

/** Types that a person has to price: what they cost depends on what nobody here can know. */
export const isPriced = (type: string): boolean => type in meters || withoutOwnPrice.has(type);

export const billResources: Biller = (stack, setting) => {
  const part = partOf(stack).toLowerCase();
  const metered = stack.resources.flatMap((resource) => meters[resource.type]?.(resource) ?? []);
  const quantities = new Map<string, number>();
  for (const { item, quantity } of metered) quantities.set(item, (quantities.get(item) ?? 0) + quantity);
  return [
    ...[...quantities].flatMap(([item, quantity]) => lineAt(setting, { item, of: part, quantity })),
    ...billKeptWarm(stack.resources, setting),
  ];
};

/** A metric that is compared with a band is billed with both edges of it. */
const METRICS_OF_BAND = 3;

/** An alarm is billed by the metrics that it reads: one, or each of an expression. */
function metricsOf({ properties }: DeployedResource): number {
  if (textOf(properties, 'ThresholdMetricId') !== undefined) return METRICS_OF_BAND;
  const read = listOf(properties, 'Metrics').filter((metric) => membersOf(metric).MetricStat !== undefined);
  return Math.max(1, read.length);
}

/** An interface endpoint stands in each of its subnets; one of a gateway is free. */
function zonesOf({ properties }: DeployedResource): number {
  return properties.VpcEndpointType === 'Interface' ? listOf(properties, 'SubnetIds').length : 0;
}

/** Environments that wait for requests, by the memory of their function. */
function billKeptWarm(resources: readonly DeployedResource[], setting: BillSetting): readonly BillLine[] {
  const functions = [...functionsOf(resources, setting.deployment).values()];
  const memoryMebibytes = functions.find(({ kind }) => kind === 'gateway')?.memoryMebibytes ?? 0;
  const kept = resources.reduce((sum, resource) => sum + keptWarmBy(resource), 0);
  return lineAt(setting, {
    item: 'lambda-provisioned',
    of: 'gateway',
    quantity: kept * memoryMebibytes * MS_PER_MONTH,
  });
}

/** An alias says how many, or scaling does: no fewer than its minimum are paid for. */
function keptWarmBy({ type, properties }: DeployedResource): number {
  const { ProvisionedConcurrentExecutions: fixed } = membersOf(properties.ProvisionedConcurrencyConfig);
  if (typeof fixed === 'number') return fixed;
  const isOfFunction =
    type === 'AWS::ApplicationAutoScaling::ScalableTarget' && properties.ServiceNamespace === 'lambda';
  return isOfFunction ? (numberOf(properties, 'MinCapacity') ?? 0) : 0;
}
