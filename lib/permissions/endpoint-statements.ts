import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SpillwayConfig } from '#contract/config.ts';
import { accessRoleArn, batchBucketName } from '#contract/resources.ts';
import { functionRoleArn } from '../deployment-names.ts';
import type { Place } from '../places.ts';

/** What goes through an endpoint of a gateway's network, by service. */
export interface EndpointStatements {
  readonly dynamodb: PolicyStatement;
  readonly bedrockRuntime: PolicyStatement;
  /** Undefined where no endpoint of a model of one's own stands in the region. */
  readonly sagemakerRuntime: PolicyStatement | undefined;
  /** Undefined where the gateway calls no other account. */
  readonly sts: PolicyStatement | undefined;
  /** Undefined where neither batches nor an audit trail are kept. */
  readonly sqs: PolicyStatement | undefined;
  /** Undefined where batches are switched off. */
  readonly s3: PolicyStatement | undefined;
}

/**
 * The second wall behind each role's own permissions: who may pass at all, and to whose resources. A role that somebody
 * gave too much, or credentials brought from elsewhere, do not get out through these.
 */
export function endpointStatements(config: SpillwayConfig, place: Place): EndpointStatements {
  const { account, region } = place;
  const { name } = config;
  const own = functionRoleArn({ deployment: name, kind: 'gateway', account, region });
  const others = config.accounts.filter(({ id }) => id !== account).map(({ id }) => accessRoleArn(name, id));
  const callers = [own, ...others];
  const tableOwners = [...new Set([config.home.account, account])];
  const dedicated = Object.values(config.models).flatMap((model) => model.dedicated);
  const dedicatedHere = [
    ...new Set(dedicated.filter((each) => each.region === region).map((each) => each.account)),
  ];
  const bucket = `arn:aws:s3:::${batchBucketName(name, account, region)}`;
  const pass = (roles: readonly string[], actions: string[], resources: string[]) =>
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions,
      resources,
      conditions: { ArnEquals: { 'aws:PrincipalArn': [...roles] } },
    });
  return {
    dynamodb: pass(
      [own],
      ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'].map((verb) => `dynamodb:${verb}`),
      tableOwners.map((owner) => `arn:aws:dynamodb:${region}:${owner}:table/${name}-*`),
    ),
    bedrockRuntime: pass(callers, ...throughBedrock(config)),
    sagemakerRuntime:
      dedicatedHere.length === 0
        ? undefined
        : pass(
            callers,
            ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
            dedicatedHere.map((owner) => `arn:aws:sagemaker:${region}:${owner}:endpoint/*`),
          ),
    sts: others.length === 0 ? undefined : pass([own], ['sts:AssumeRole'], others),
    sqs:
      config.batches.enabled || config.audit.enabled
        ? pass(
            [own],
            [
              'sqs:ChangeMessageVisibility',
              'sqs:DeleteMessage',
              'sqs:GetQueueUrl',
              'sqs:ReceiveMessage',
              'sqs:SendMessage',
            ],
            [`arn:aws:sqs:${region}:${account}:${name}-*`],
          )
        : undefined,
    s3: config.batches.enabled
      ? pass(
          [own],
          ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
          [bucket, `${bucket}/*`],
        )
      : undefined,
  };
}

/** Actions and resources of calls of models; with guardrails where the configuration has some. */
function throughBedrock({ accounts }: SpillwayConfig): [actions: string[], resources: string[]] {
  const isGuarded = accounts.some(({ guardrails = [] }) => guardrails.length > 0);
  const kinds = [
    ...['inference-profile', 'application-inference-profile'],
    ...(isGuarded ? ['guardrail', 'guardrail-profile'] : []),
  ];
  return [
    [
      ...['bedrock:CountTokens', 'bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      ...(isGuarded ? ['bedrock:ApplyGuardrail'] : []),
    ],
    ['arn:aws:bedrock:*::foundation-model/*', ...kinds.map((kind) => `arn:aws:bedrock:*:*:${kind}/*`)],
  ];
}
