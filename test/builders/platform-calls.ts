/** What a deployment needs besides the adapters' own calls: models, and what AWS does under our roles. */
import { auditCalls } from '#test/builders/audit-calls.ts';
import {
  bucketOf,
  type CallFacts,
  type CallPlace,
  type CallUse,
  deployment,
  homePlace,
  queuesIn,
} from '#test/builders/call-uses.ts';
import type { DeployedPolicies } from '#test/builders/deployed-policies.ts';

const functions = ['audit', 'discover', 'gateway', 'plan', 'verify', 'witness'] as const;

/** What Lambda, S3 and SQS do in the name of a function, by what needs it. */
export function platformCalls(deployed: DeployedPolicies): Readonly<Record<string, readonly CallUse[]>> {
  return {
    'the audit trail': auditCalls(deployed),
    'the log of a function': functions.flatMap((by) =>
      ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
        by,
        for: 'its log',
        at: ({ account, region }: CallPlace) =>
          logsOf(by).map((name) => ({
            action,
            resource: `arn:aws:logs:${region}:${account}:log-group:/spillway/${deployment}-${name}:log-stream:some`,
          })),
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
        for: 'starting the dispatcher',
        at: (place: CallPlace) => queuesIn(place).map((resource) => ({ action, resource })),
      }),
    ),
    'the queues of failed calls': (['discover', 'plan', 'verify', 'witness'] as const).map((by) => ({
      by,
      for: 'keeping calls that failed',
      at: (place: CallPlace) =>
        failedCallsOf(deployed, by, place).map((resource) => ({ action: 'sqs:SendMessage', resource })),
    })),
    'the key of the files': ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
      by: 'gateway' as const,
      for: 'files of batches in S3',
      at: (place: CallPlace) => [{ action, resource: batchKeyOf(deployed, place) }],
    })),
    'the key of the settings': [
      {
        by: 'gateway',
        for: 'the function’s settings, which hold the pepper of keys',
        at: ({ account, region }) => [
          {
            action: 'kms:Decrypt',
            resource: keyOf(deployed, `arn:aws:lambda:${region}:${account}:function:${deployment}-gateway`),
          },
        ],
      },
    ],
  };
}

const observationStream = `arn:aws:dynamodb:${homePlace.region}:${homePlace.account}:table/${deployment}-observations/stream/2026-11-21T00:00:00.000`;

/** The dispatcher has the role of the gateway. */
const logsOf = (by: string): readonly string[] => (by === 'gateway' ? [by, 'dispatch'] : [by]);

/** Queues of a function's failed calls, which have no names of their own. */
function failedCallsOf({ resources }: DeployedPolicies, by: string, place: CallPlace): readonly string[] {
  const start = `arn:aws:sqs:${place.region}:${place.account}:`;
  const found = [...resources.keys()].filter(
    (arn) => arn.startsWith(start) && arn.toLowerCase().includes(`${by}failedcalls`),
  );
  if (found.length === 0) throw new Error(`${by} keeps no failed calls in ${start}`);
  return found;
}

/** The key that encrypts the bucket of a region. */
export const batchKeyOf = (deployed: DeployedPolicies, place: CallPlace): string =>
  keyOf(deployed, bucketOf(place));

function keyOf({ encryption }: DeployedPolicies, arn: string): string {
  const key = encryption.get(arn);
  if (key === undefined) throw new Error(`${arn} is encrypted with no key of the deployment`);
  return key;
}

/** DynamoDB opens a table's key in the name of who calls it. */
export function tableKeyCall(
  { encryption, aliases }: DeployedPolicies,
  call: CallFacts,
): readonly CallFacts[] {
  const table = call.resource.split('/stream/')[0] ?? call.resource;
  const key = encryption.get(table);
  if (key === undefined) return [];
  const alias = aliases.get(key);
  const context = {
    'kms:ViaService': `dynamodb.${table.split(':')[3]}.amazonaws.com`,
    ...(alias === undefined ? {} : { 'kms:ResourceAliases': [alias] }),
  };
  return [{ action: 'kms:Decrypt', resource: key, context }];
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
