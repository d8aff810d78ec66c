/** What a deployment needs besides the adapters' own calls: models, and what AWS does under our roles. */
import { batchQueueName, bulkQueueName } from '#contract/resources.ts';
import {
  bucketOf,
  type CallFacts,
  type CallPlace,
  type CallUse,
  deployment,
  homePlace,
  someModel,
} from '#test/builders/call-uses.ts';
import type { DeployedPolicies } from '#test/builders/deployed-policies.ts';

const functions = ['discover', 'gateway', 'plan', 'verify'] as const;

/** What Lambda, S3 and SQS do in the name of a function, by what needs it. */
export function platformCalls(deployed: DeployedPolicies): Readonly<Record<string, readonly CallUse[]>> {
  return {
    'the log of a function': functions.flatMap((by) =>
      ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
        by,
        for: 'its log',
        at: ({ account, region }: CallPlace) => [
          {
            action,
            resource: `arn:aws:logs:${region}:${account}:log-group:/spillway/${deployment}-${by}:log-stream:some`,
          },
        ],
      })),
    ),
    'the stream of the observations': [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
    ].map((action) => ({
      by: 'plan' as const,
      for: 'being woken by what changed',
      at: () => [{ action, resource: observationStream }],
    })),
    'the queues of batches': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map(
      (action) => ({
        by: 'gateway' as const,
        for: 'starting the dispatcher, which has the gateway’s role',
        at: ({ account, region }: CallPlace) =>
          [batchQueueName(deployment), bulkQueueName(deployment, someModel)].map((queue) => ({
            action,
            resource: `arn:aws:sqs:${region}:${account}:${queue}`,
          })),
      }),
    ),
    'the keys of a gateway region': ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
      by: 'gateway' as const,
      for: 'files of batches in S3',
      at: (place: CallPlace) => [{ action, resource: batchKeyOf(deployed, place) }],
    })),
  };
}

const observationStream = `arn:aws:dynamodb:${homePlace.region}:${homePlace.account}:table/${deployment}-observations/stream/2026-11-21T00:00:00.000`;

/** The key that encrypts the bucket of a region. */
export function batchKeyOf({ encryption }: DeployedPolicies, place: CallPlace): string {
  const key = encryption.get(bucketOf(place));
  if (key === undefined) throw new Error(`${bucketOf(place)} is encrypted with no key of the deployment`);
  return key;
}

/** Calls of models: what IAM is asked when a profile, or a plain id, is called in a region. */
export function modelCalls(call: {
  readonly account: string;
  readonly region: string;
  readonly modelId: string;
  /** @default - the plain id is called */
  readonly profileId?: string | undefined;
  /** Where the profile may run; `*` for anywhere. @default - where it is called */
  readonly reach?: readonly string[];
  /** @default bedrock:InvokeModel */
  readonly action?: string;
}): readonly CallFacts[] {
  const { account, region, modelId, profileId, reach = [], action = 'bedrock:InvokeModel' } = call;
  const modelIn = (place: string) => `arn:aws:bedrock:${place}::foundation-model/${modelId}`;
  if (profileId === undefined) return [{ action, resource: modelIn(region) }];
  const profile = `arn:aws:bedrock:${region}:${account}:inference-profile/${profileId}`;
  const onBehalf = { 'bedrock:InferenceProfileArn': profile };
  const anywhere = {
    action,
    resource: modelIn(''),
    context: { ...onBehalf, 'aws:RequestedRegion': 'unspecified' },
  };
  const destinations = [...new Set([region, ...reach.filter((place) => place !== '*')])];
  return [
    { action, resource: profile },
    ...destinations.map((place) => ({ action, resource: modelIn(place), context: onBehalf })),
    ...(reach.includes('*') ? [anywhere] : []),
  ];
}
