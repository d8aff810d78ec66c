/**
 * A second, small deployment: one account in one region, whose gateway answers at a function URL behind an alias with an
 * environment that stands ready, and calls GPUs of its own first.
 */
import type { DeployedFleet } from './deployed-fleet.ts';
import { homeAccount, type SynthesizedFleet, synthesizeFleet } from './deployed-fleet.ts';
import { changing, type TemplateChange, withoutAction } from './template-changes.ts';

export const soloRegion = 'us-east-1';
export const soloGateway = 'Gateway-us-east-1';
export const soloDedicated = `Dedicated-${homeAccount}-${soloRegion}`;
/** Who may call, of the deployment's own account. */
export const appRole = `arn:aws:iam::${homeAccount}:role/app`;
/** Somebody of the same account whose own policy lets it call any function, and whom the gateway does not know. */
export const otherRole = `arn:aws:iam::${homeAccount}:role/other`;

export const gatewayAlias = `arn:aws:lambda:${soloRegion}:${homeAccount}:function:solo-gateway:live`;
const gatewayRole = `arn:aws:iam::${homeAccount}:role/solo-gateway-${soloRegion}`;

const soloInput = {
  name: 'solo',
  home: { account: homeAccount, region: soloRegion },
  accounts: [{ id: homeAccount, name: 'prod', regions: [soloRegion] }],
  gateways: [soloRegion],
  residencies: { us: { jurisdictions: ['US'] } },
  models: {
    chat: {
      candidates: ['anthropic.claude-sonnet-4-5-20250929-v1:0'],
      baseline: { us: [soloRegion] },
      dedicated: [
        {
          account: homeAccount,
          region: soloRegion,
          endpoint: 'chat-small',
          component: 'chat-small-copies',
          instanceType: 'ml.g6e.2xlarge',
          engine: 'llama-3.1-8b',
          contextTokensMax: 32_768,
          concurrencyPerCopy: 16,
          copies: 1,
          deploy: {
            weights: { from: 's3', uri: 's3://models-us-east-1/chat-small/v3/' },
            memoryGiBPerCopy: 24,
            copiesMin: 0,
            copiesMax: 6,
            targetConcurrencyPerCopy: 12,
            targetKvShare: 0.8,
            schedules: [{ name: 'night', at: 'cron(0 20 * * ? *)', copiesMin: 0, copiesMax: 2 }],
          },
        },
      ],
    },
  },
  tenants: { demo: { residencies: ['us'], defaultResidency: 'us', principals: [appRole] } },
  batches: { enabled: false },
  frontDoor: { kind: 'function-url', authorization: 'iam' },
  gatewayFunction: { provisionedConcurrency: { min: 1, max: 3 } },
};

export const synthesizeSolo = (): SynthesizedFleet => synthesizeFleet({ bundles: true, input: soloInput });

/** Deploys everything, and the callers beside it: they belong to applications, and to no stack of ours. */
export async function deploySolo(fleet: DeployedFleet): Promise<void> {
  const trust = { Version: '2012-10-17', Statement: [] };
  const mayCall = (Resource: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'], Resource }],
  });
  const { book } = fleet.cloud;
  for (const role of [appRole, otherRole]) book.addRole(role, homeAccount, trust);
  book.attach(appRole, 'call-the-gateway', mayCall(gatewayAlias));
  await fleet.deploy();
}

export interface SoloDefect {
  readonly what: string;
  readonly stack: string;
  readonly change: TemplateChange;
  readonly says: string;
}

const inGateway = (what: string, change: TemplateChange, says: string): SoloDefect => ({
  ...{ what, stack: soloGateway, change, says },
});
const inDedicated = (what: string, change: TemplateChange, says: string): SoloDefect => ({
  ...{ what, stack: soloDedicated, change, says },
});

/** What an update of the standing gateway is refused for. */
export const refusedUpdates: readonly SoloDefect[] = [
  inGateway(
    'a URL with a kind of authorization that Lambda does not know',
    changing('AWS::Lambda::Url', '', ({ Properties }) => {
      Properties.AuthType = 'IAM';
    }),
    'AuthType IAM: want AWS_IAM or NONE',
  ),
  inGateway(
    'a URL of an alias that is not there',
    changing('AWS::Lambda::Url', '', ({ Properties }) => {
      Properties.Qualifier = 'alive';
    }),
    'there is no function',
  ),
  inGateway(
    'an alias of a version that was never published',
    changing('AWS::Lambda::Alias', '', ({ Properties }) => {
      Properties.FunctionVersion = '7';
    }),
    'solo-gateway:7',
  ),
  inGateway(
    'a policy of callers about another function',
    changing('AWS::Lambda::ResourcePolicy', '', ({ Properties }) => {
      Properties.PolicyDocument.Statement[0].Resource = 'arn:aws:lambda:us-east-1:111111111111:function:else';
    }),
    'the statement CallUrl111111111111 is about arn:aws:lambda:us-east-1:111111111111:function:else',
  ),
  inGateway(
    'more environments that stand ready than there may be',
    changing('AWS::ApplicationAutoScaling::ScalableTarget', '', ({ Properties }) => {
      Properties.MinCapacity = 4;
    }),
    'MinCapacity 4 of the target is more than MaxCapacity 3',
  ),
];

/** What endpoints are not made for. */
export const refusedEndpoints: readonly SoloDefect[] = [
  inDedicated(
    'copies that may not read their weights',
    withoutAction('s3:GetObject'),
    'may not s3:GetObject on arn:aws:s3:::models-us-east-1/chat-small/v3/config.json',
  ),
  inDedicated(
    'copies that may not pull their image',
    withoutAction('ecr:BatchGetImage'),
    'may not ecr:BatchGetImage on arn:aws:ecr:us-east-1:763104351884:repository/djl-inference',
  ),
  inDedicated(
    'an execution role that SageMaker is not trusted with',
    changing('AWS::IAM::Role', 'Execution', ({ Properties }) => {
      Properties.AssumeRolePolicyDocument.Statement[0].Principal = { Service: 'ec2.amazonaws.com' };
    }),
    'cannot be assumed by sagemaker.amazonaws.com',
  ),
  inDedicated(
    'a configuration that begins with more instances than it may have',
    changing('AWS::SageMaker::EndpointConfig', '', ({ Properties }) => {
      Properties.ProductionVariants[0].InitialInstanceCount = 9;
    }),
    'the variant AllTraffic begins with 9 instances, which are not of 0 to 6',
  ),
  inDedicated(
    'copies of an endpoint that is not there',
    changing('AWS::SageMaker::InferenceComponent', '', ({ Properties }) => {
      Properties.EndpointName = 'chat-smell';
    }),
    'chat-smell',
  ),
  inDedicated(
    'a bound of copies by the clock that is none',
    changing('AWS::ApplicationAutoScaling::ScalableTarget', '', ({ Properties }) => {
      Properties.ScheduledActions[0].Schedule = 'cron(0 20 * *)';
    }),
    'cron(0 20 * *) is neither rate(…) nor cron(…) of six fields',
  ),
  inDedicated(
    'copies that scale by a metric of functions',
    changing('AWS::ApplicationAutoScaling::ScalingPolicy', 'Requests', ({ Properties }) => {
      Properties.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType =
        'LambdaProvisionedConcurrencyUtilization';
    }),
    'PredefinedMetricType LambdaProvisionedConcurrencyUtilization is none of sagemaker:inference-component:DesiredCopyCount',
  ),
];

/** What deploys, and shows when a caller asks. */
export const runningSoloDefects: readonly SoloDefect[] = [
  inGateway(
    'a gateway that may not call its GPUs',
    changing('AWS::IAM::Policy', 'GatewayRole', ({ Properties }) => {
      const { Statement } = Properties.PolicyDocument;
      const at = Statement.findIndex(({ Action }: { Action: string | string[] }) =>
        [Action].flat().includes('sagemaker:InvokeEndpoint'),
      );
      if (at < 0) throw new Error('the gateway calls no endpoint');
      Statement.splice(at, 1);
    }),
    `${gatewayRole} may not sagemaker:InvokeEndpointWithResponseStream on arn:aws:sagemaker:us-east-1:111111111111:endpoint/chat-small`,
  ),
];
