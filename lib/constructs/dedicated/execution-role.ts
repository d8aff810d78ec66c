import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { SoundDeployment } from '#core/dedicated/judge-deployment.ts';
import { acknowledge } from '../acknowledge.ts';
import { repositoryArnOf } from './container-image.ts';
import type { ContainerNetwork } from './container-network.ts';

/** Where SageMaker puts what hosts and containers measure. */
const METRIC_NAMESPACES = ['/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'];

export interface ExecutionRoleProps {
  readonly deployment: SoundDeployment;
  readonly image: string;
  /** Log groups that containers write to. */
  readonly logGroups: readonly LogGroup[];
  /** @default - a network of SageMaker's */
  readonly network?: ContainerNetwork;
}

/** What SageMaker may do to start a deployment's copies: fetch this image and these weights, and write these logs. */
export class ExecutionRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      description: `Starts copies of ${props.deployment.endpoint}`,
      // Where SageMaker says for whom it acts, it must be this account; a role is never passed across accounts anyway.
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEqualsIfExists: { 'aws:SourceAccount': account } },
      }),
    });
    for (const statement of [
      ...imageStatements(props.image),
      ...weightsStatements(props.deployment),
      ...observabilityStatements(props.logGroups),
      ...networkStatements(props.network, { account, region }),
    ])
      this.role.addToPolicy(statement);
    acknowledgeFindings(this, props);
  }
}

function imageStatements(image: string): readonly PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'LogInToEcr', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'PullImage',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repositoryArnOf(image)],
    }),
  ];
}

function weightsStatements({ weights }: SoundDeployment): readonly PolicyStatement[] {
  if (weights.from !== 's3') return [];
  const { bucketArn, prefix } = folderOf(weights.uri);
  return [
    new PolicyStatement({
      sid: 'ReadWeights',
      actions: ['s3:GetObject'],
      resources: [`${bucketArn}/${prefix}*`],
    }),
    new PolicyStatement({
      sid: 'ListWeights',
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${prefix}*`] } },
    }),
    ...(weights.kmsKeyArn === undefined
      ? []
      : [
          new PolicyStatement({
            sid: 'DecryptWeights',
            actions: ['kms:Decrypt'],
            resources: [weights.kmsKeyArn],
          }),
        ]),
  ];
}

function observabilityStatements(logGroups: readonly LogGroup[]): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'WriteOwnLogs',
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: logGroups.map(({ logGroupArn }) => logGroupArn),
    }),
    new PolicyStatement({
      sid: 'PutHostMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACES } },
    }),
  ];
}

function networkStatements(
  network: ContainerNetwork | undefined,
  { account, region }: { readonly account: string; readonly region: string },
): readonly PolicyStatement[] {
  if (network === undefined) return [];
  const arn = (resource: string) => `arn:aws:ec2:${region}:${account}:${resource}`;
  return [
    new PolicyStatement({
      sid: 'AttachContainers',
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      resources: [
        arn('network-interface/*'),
        ...network.subnets.map((id) => arn(`subnet/${id}`)),
        ...network.securityGroups.map((id) => arn(`security-group/${id}`)),
      ],
    }),
    new PolicyStatement({
      sid: 'SeeNetwork',
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
  ];
}

function folderOf(uri: string): { readonly bucketArn: string; readonly prefix: string } {
  const [bucket = '', ...folders] = uri.slice('s3://'.length).split('/');
  return { bucketArn: `arn:aws:s3:::${bucket}`, prefix: folders.join('/') };
}

function acknowledgeFindings(scope: ExecutionRole, { deployment, network }: ExecutionRoleProps): void {
  const { account, region } = Stack.of(scope);
  const { weights } = deployment;
  acknowledge(scope, {
    'AwsSolutions-IAM5[Resource::*]':
      'Logging in to ECR, describing a network and putting metrics name no resource in AWS; metrics are bound to SageMaker’s namespaces by a condition.',
    ...(weights.from === 's3'
      ? {
          [`AwsSolutions-IAM5[Resource::${folderOf(weights.uri).bucketArn}/${folderOf(weights.uri).prefix}*]`]:
            'Every file of one model’s weights lies below this folder, and nothing else does.',
        }
      : {}),
    ...(network === undefined
      ? {}
      : {
          [`AwsSolutions-IAM5[Resource::arn:aws:ec2:${region}:${account}:network-interface/*]`]:
            'SageMaker makes the interfaces itself, in the subnets and security groups that stand beside this; their ids are not known before.',
        }),
  });
}
